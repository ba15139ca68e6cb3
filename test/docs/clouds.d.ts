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

declare module "@pulumi/azure" {
    import * as pulumi from "@pulumi/pulumi";

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
