/** The part of `@pulumi/aws` that the documents use; test/plugin/route53.ts serves it. */
import { CustomResource, type CustomResourceOptions, type Input } from "@pulumi/pulumi";

interface RecordArgs {
    readonly zoneId: Input<string>;
    readonly name: Input<string>;
    readonly type: Input<string>;
    readonly ttl?: Input<number>;
    readonly records?: Input<Input<string>[]>;
}

class Record extends CustomResource {
    constructor(name: string, args: RecordArgs, opts?: CustomResourceOptions) {
        super("aws:route53/record:Record", name, { ...args }, opts);
    }
}

export const route53 = { Record };
