import assert from "node:assert/strict";
import { sourcesOf } from "../../provider/plugin/settings.js";

describe("a provider's settings", () => {
    const names: [name: string, isExplicit: boolean][] = [
        ["default", false],
        ["default_0_1_0", false],
        ["default_1_2_3_alpha_1", false],
        ["default_1_2_3_https_/example.com/plugins", false],
        ["default_https_/example.com/plugins", false],
        ["default_github_/api.github.com/owner", false],
        ["default_eu", true],
        ["default_2", true],
        ["default-eu", true],
        ["defaults", true],
        ["eu", true],
    ];
    for (const [name, isExplicit] of names) {
        it(`${isExplicit ? "are its own" : "may come from the environment"} where it is called ${name}`, () => {
            const urn = `urn:pulumi:dev::test::pulumi:providers:digicert::${name}`;
            assert.equal(sourcesOf({}, urn, {}).config("digicert:explicit"), String(isExplicit));
        });
    }
});
