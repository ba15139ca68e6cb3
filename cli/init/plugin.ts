/**
 * The provider plugin, as `docs/installation-configuration.md` installs it from npm.
 *
 * @module
 */

/** The type of the plugin's resource. */
export const REISSUE_TYPE = "digicert:index:Reissue";
/** Installs the package, in the folder of the project. */
export const INSTALL = "npm install pulumi-digicert @pulumi/pulumi";
/** Makes the SDK of a language; Go reads it from git instead. */
export const ADD_SDK =
    "pulumi package add ./node_modules/pulumi-digicert/dist/plugin/pulumi-resource-digicert";
/** Adds the SDK of Go. */
export const ADD_GO_SDK = "go get github.com/pulumi-digicert/pulumi-digicert/sdk/go/digicert";
/** The lines of Pulumi.yaml that name the plugin. */
export const PLUGIN_LINES: readonly string[] = [
    "plugins:",
    "  providers:",
    "    - name: digicert",
    "      path: node_modules/pulumi-digicert/dist/plugin",
];
