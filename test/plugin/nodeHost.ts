/**
 * A language host that installs and runs plugins of Node.js, as Pulumi's own host does: `npm install` in the folder, then
 * `cmd/run-plugin` of the `@pulumi/pulumi` that is installed there. Pulumi's host is part of the CLI's download; the version that
 * is available as a Go module runs no plugins. Run it as `pulumi-language-nodejs`.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
    GetRequiredPackagesResponse,
    RunPluginResponse,
    type InstallDependenciesRequest,
    type InstallDependenciesResponse,
    type RunPluginRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Answer } from "../engine/grpc.js";

function installDependencies(
    call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
    const args = ["install", "--loglevel=error", "--omit=dev"];
    const cwd = call.request.getInfo()?.getProgramDirectory();
    // The CLI shows what a host prints to stderr.
    const child = spawn("npm", args, { cwd, stdio: ["ignore", 2, 2] });
    child.on("close", (code) => {
        if (code === 0) call.end();
        else call.emit("error", new Error(`npm install ended with code ${String(code)}`));
    });
}

function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
    const { request } = call;
    const folder = request.getInfo()?.getProgramDirectory() ?? "";
    const runner = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run-plugin");
    const variables = request.getEnvList().map((text): [string, string] => {
        const [name = ""] = text.split("=", 1);
        return [name, text.slice(name.length + 1)];
    });
    const child = spawn(process.execPath, [runner, folder, ...request.getArgsList()], {
        cwd: request.getPwd(),
        env: Object.fromEntries(variables),
    });
    const respond = (fill: (response: RunPluginResponse) => void) => {
        const response = new RunPluginResponse();
        fill(response);
        call.write(response);
    };
    child.stdout.on("data", (chunk: Buffer) => {
        respond((response) => {
            response.setStdout(new Uint8Array(chunk));
        });
    });
    child.stderr.pipe(process.stderr);
    call.on("cancelled", () => child.kill("SIGKILL"));
    child.on("close", (code) => {
        respond((response) => {
            response.setExitcode(code ?? 1);
        });
        call.end();
    });
}

const server = new Server();
server.addService(LanguageRuntimeService, {
    getPluginInfo: (_: unknown, answer: Answer<PluginInfo>) => {
        answer(null, new PluginInfo());
    },
    getRequiredPackages: (_: unknown, answer: Answer<GetRequiredPackagesResponse>) => {
        answer(null, new GetRequiredPackagesResponse());
    },
    installDependencies,
    runPlugin,
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
});
