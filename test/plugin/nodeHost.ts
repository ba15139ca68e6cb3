/**
 * A language host that installs and runs plugins of Node.js, as Pulumi's own host does: `npm install` in the folder, then
 * `cmd/run-plugin` of the `@pulumi/pulumi` that is installed there. Pulumi's host is part of the CLI's download; the version that
 * is available as a Go module runs no plugins. Run it as `pulumi-language-nodejs`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
    GetRequiredPackagesResponse,
    InstallDependenciesResponse,
    RunPluginResponse,
    type InstallDependenciesRequest,
    type RunPluginRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Answer } from "../engine/grpc.js";

/** Passes on what a process prints. */
function relay<Response extends InstallDependenciesResponse | RunPluginResponse>(
    child: ChildProcess,
    call: ServerWritableStream<unknown, Response>,
    make: () => Response,
): void {
    for (const [stream, set] of [
        [child.stdout, "setStdout"],
        [child.stderr, "setStderr"],
    ] as const)
        stream?.on("data", (chunk: Buffer) => {
            const response = make();
            response[set](new Uint8Array(chunk));
            call.write(response);
        });
    call.on("cancelled", () => child.kill("SIGKILL"));
}

function installDependencies(
    call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
    const info = call.request.getInfo();
    const options = info?.getOptions()?.toJavaScript() ?? {};
    const args = ["install", "--loglevel=error", ...(options.production === true ? ["--omit=dev"] : [])];
    const child = spawn("npm", args, { cwd: info?.getProgramDirectory() });
    relay(child, call, () => new InstallDependenciesResponse());
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
    relay(child, call, () => new RunPluginResponse());
    child.on("close", (code) => {
        const response = new RunPluginResponse();
        response.setExitcode(code ?? 1);
        call.write(response);
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
