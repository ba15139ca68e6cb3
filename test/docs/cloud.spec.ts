import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { requireCli } from "../engine/requireCli.js";
import { commandsFor } from "./places.js";
import { Terminal } from "./terminal.js";

/** As a job's OIDC token looks; nobody here verifies it. */
const TOKEN = [{ alg: "RS256", typ: "JWT" }, { iss: "gitlab" }, "signature"]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");

/** There is no Pulumi Cloud here: the real CLI asks a server that knows just enough to log it in. */
describe("a login to Pulumi Cloud, as docs/pipelines.md has it", function () {
    this.timeout(60_000);
    const folder = temporaryFolder("cloud");
    const asked: string[] = [];
    const server = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            const { url = "", headers } = request;
            asked.push(
                `${url} ${headers.authorization ?? new URLSearchParams(body).get("subject_token") ?? ""}`,
            );
            const answers: Readonly<Record<string, object>> = {
                "/api/oauth/token": {
                    access_token: "short-lived",
                    issued_token_type: "urn:pulumi:token-type:access_token:organization",
                    token_type: "token",
                    expires_in: 7200,
                },
                "/api/user": { id: "1", githubLogin: "your-organization", organizations: [] },
            };
            const answer = answers[url];
            response.statusCode = answer ? 200 : 404;
            response.end(JSON.stringify(answer ?? { code: 404, message: "unknown" }));
        });
    });
    after(() => {
        server.close();
        removeFolder(folder);
    });

    for (const { document, line, command } of commandsFor("cloud"))
        it(`${document}:${line} ${command}`, async function () {
            const cli = await requireCli(this);
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            const { port } = server.address() as AddressInfo;
            const terminal = new Terminal({
                cli,
                folder,
                packed: "",
                env: { PULUMI_BACKEND_URL: `http://127.0.0.1:${port}`, PULUMI_ID_TOKEN: TOKEN },
            });
            const { exitCode, output } = await terminal.run(command);
            assert.equal(exitCode, 0, output);
            assert.match(output, /^Logged in to http:\S+ as your-organization/m);
            assert.deepEqual(asked.slice(0, 2), [`/api/oauth/token ${TOKEN}`, "/api/user token short-lived"]);
        });
});
