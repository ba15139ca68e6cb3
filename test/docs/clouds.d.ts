/**
 * The members of other providers' resources that the documents use, as those providers type them. The packages
 * themselves are hundreds of megabytes.
 */
declare module "@pulumi/aws" {
    import * as pulumi from "@pulumi/pulumi";

    export namespace acm {
        class Certificate extends pulumi.CustomResource {
            readonly arn: pulumi.Output<string>;
            constructor(
                name: string,
                args: {
                    privateKey?: pulumi.Input<string>;
                    certificateBody?: pulumi.Input<string>;
                    certificateChain?: pulumi.Input<string>;
                },
            );
        }
    }
}

declare module "@pulumi/aws" {
    import * as pulumi from "@pulumi/pulumi";

    export namespace route53 {
        class Record extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    zoneId: pulumi.Input<string>;
                    name: pulumi.Input<string>;
                    type: pulumi.Input<string>;
                    ttl?: pulumi.Input<number>;
                    records?: pulumi.Input<pulumi.Input<string>[]>;
                },
            );
        }
    }
    export namespace s3 {
        class BucketObject extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    bucket: pulumi.Input<string>;
                    key?: pulumi.Input<string>;
                    content?: pulumi.Input<string>;
                    contentType?: pulumi.Input<string>;
                },
            );
        }
    }
}

declare module "@pulumi/gcp" {
    import * as pulumi from "@pulumi/pulumi";

    export namespace dns {
        class RecordSet extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    managedZone: pulumi.Input<string>;
                    name: pulumi.Input<string>;
                    type: pulumi.Input<string>;
                    ttl?: pulumi.Input<number>;
                    rrdatas?: pulumi.Input<pulumi.Input<string>[]>;
                },
            );
        }
    }
}

declare module "@pulumi/cloudflare" {
    import * as pulumi from "@pulumi/pulumi";

    export class DnsRecord extends pulumi.CustomResource {
        constructor(
            name: string,
            args: {
                zoneId: pulumi.Input<string>;
                name: pulumi.Input<string>;
                type: pulumi.Input<string>;
                content?: pulumi.Input<string>;
                ttl: pulumi.Input<number>;
            },
        );
    }
}

declare module "@pulumi/azure" {
    import * as pulumi from "@pulumi/pulumi";

    export namespace dns {
        class Zone extends pulumi.CustomResource {
            readonly name: pulumi.Output<string>;
            readonly resourceGroupName: pulumi.Output<string>;
        }
        class TxtRecord extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    name?: pulumi.Input<string>;
                    zoneName: pulumi.Input<string>;
                    resourceGroupName: pulumi.Input<string>;
                    ttl: pulumi.Input<number>;
                    records: pulumi.Input<pulumi.Input<{ value: pulumi.Input<string> }>[]>;
                },
            );
        }
    }

    export namespace keyvault {
        class KeyVault extends pulumi.CustomResource {}
        class Certificate extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    keyVaultId: pulumi.Input<string>;
                    certificate?: pulumi.Input<{
                        contents: pulumi.Input<string>;
                        password?: pulumi.Input<string>;
                    }>;
                },
            );
        }
    }
}

declare module "@pulumi/kubernetes" {
    import * as pulumi from "@pulumi/pulumi";

    export namespace core.v1 {
        class Secret extends pulumi.CustomResource {
            constructor(
                name: string,
                args: {
                    type?: pulumi.Input<string>;
                    stringData?: pulumi.Input<Record<string, pulumi.Input<string>>>;
                },
            );
        }
    }
}
