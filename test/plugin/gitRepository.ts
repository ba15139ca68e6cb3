/** A git repository that holds the folder `plugin/`, and a server of it. */
import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { execute } from "../engine/child.js";
import { temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { tarball } from "../engine/installation.js";

/**
 * Makes a repository with `plugin/` and a tag. Its package is the packed one, because a version is not on npm before it is
 * released.
 */
export async function makeRepository(tag: string): Promise<string> {
    const folder = temporaryFolder("repository");
    cpSync(join(repositoryRoot, "plugin"), join(folder, "plugin"), { recursive: true });
    const file = join(folder, "plugin", "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    const dependencies = { ...manifest.dependencies, "pulumi-digicert": `file:${await tarball()}` };
    writeFileSync(file, JSON.stringify({ ...manifest, dependencies }));
    const commit = "git -c user.name=test -c user.email=test@shop.example commit -q -m plugin";
    const script = `git init -q && git add . && ${commit} && git tag ${tag}`;
    await execute("sh", ["-c", script], { cwd: folder });
    return folder;
}

/** Answers a client that clones the repository (gitprotocol-http(5), the smart protocol), whatever the path is. */
export function serveRepository(repository: string): RequestListener {
    const service = "git-upload-pack";
    return (request, response) => {
        const { method, url = "", headers } = request;
        const isList = url.endsWith(`/info/refs?service=${service}`);
        if (!isList && !(method === "POST" && url.endsWith(`/${service}`))) {
            response.writeHead(404).end();
            return;
        }
        response.setHeader("content-type", `application/x-${service}-${isList ? "advertisement" : "result"}`);
        if (isList) response.write(`001e# service=${service}\n0000`);
        const flags = ["--stateless-rpc", ...(isList ? ["--advertise-refs"] : [])];
        const git = spawn("git", ["upload-pack", ...flags, repository], {
            stdio: ["pipe", "pipe", "inherit"],
        });
        const body = headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
        body.pipe(git.stdin);
        git.stdout.pipe(response);
    };
}
