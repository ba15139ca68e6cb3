/**
 * Names of the package in each language. They are in programs for ever.
 *
 * @module
 */

/** Where the repository is; Go modules are read from it. */
export const REPOSITORY = "https://github.com/pulumi-digicert/pulumi-digicert";

/** Where the CLI finds the release archives of the plugin. */
export const ARCHIVES = REPOSITORY.replace("https://github.com/", "github://api.github.com/");

/** The Go package; `sdk/go` is the module. */
export const GO_MODULE = "github.com/pulumi-digicert/pulumi-digicert/sdk/go";
export const GO_PACKAGE = `${GO_MODULE}/digicert`;
