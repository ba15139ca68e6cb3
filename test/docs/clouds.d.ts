/**
 * The members of other providers' resources that the documents use, as those providers type them. The packages
 * themselves are hundreds of megabytes.
 */
declare module "clouds" {
    import * as pulumi from "@pulumi/pulumi";

    /** Values that may be outputs, at every depth. */
    type Inputs<T> = T extends object ? { [Name in keyof T]: pulumi.Input<Inputs<T[Name]>> } : T;

    class Resource<Args> extends pulumi.CustomResource {
        constructor(name: string, args: Inputs<Args>);
    }
}

declare module "@pulumi/aws" {
    import type * as pulumi from "@pulumi/pulumi";
    import { Resource } from "clouds";

    export namespace acm {
        class Certificate extends Resource<{
            privateKey?: string;
            certificateBody?: string;
            certificateChain?: string;
        }> {
            readonly arn: pulumi.Output<string>;
        }
    }
    export namespace route53 {
        class Record extends Resource<{
            zoneId: string;
            name: string;
            type: string;
            ttl?: number;
            records?: string[];
        }> {}
    }
    export namespace s3 {
        class BucketObject extends Resource<{
            bucket: string;
            key?: string;
            content?: string;
            contentType?: string;
        }> {}
    }
}

declare module "@pulumi/gcp" {
    import { Resource } from "clouds";

    export namespace dns {
        class RecordSet extends Resource<{
            managedZone: string;
            name: string;
            type: string;
            ttl?: number;
            rrdatas?: string[];
        }> {}
    }
}

declare module "@pulumi/cloudflare" {
    import { Resource } from "clouds";

    export class DnsRecord extends Resource<{
        zoneId: string;
        name: string;
        type: string;
        content?: string;
        ttl: number;
    }> {}
}

declare module "@pulumi/azure" {
    import * as pulumi from "@pulumi/pulumi";
    import { Resource } from "clouds";

    export namespace dns {
        class Zone extends pulumi.CustomResource {
            readonly name: pulumi.Output<string>;
            readonly resourceGroupName: pulumi.Output<string>;
        }
        class TxtRecord extends Resource<{
            name?: string;
            zoneName: string;
            resourceGroupName: string;
            ttl: number;
            records: { value: string }[];
        }> {}
    }

    export namespace keyvault {
        class KeyVault extends pulumi.CustomResource {}
        class Certificate extends Resource<{
            keyVaultId: string;
            certificate?: { contents: string; password?: string };
        }> {}
    }
}

declare module "@pulumi/kubernetes" {
    import { Resource } from "clouds";

    export namespace core.v1 {
        class Secret extends Resource<{ type?: string; stringData?: Record<string, string> }> {}
    }
}
