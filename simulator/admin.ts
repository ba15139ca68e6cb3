import { type IncomingMessage, type ServerResponse } from "node:http";
import findMyWay from "find-my-way";
import { z } from "zod";
import { type AdminRoute, adminRoutes } from "./adminRoutes.js";
import { ApiError, badRequest, notFound } from "./apiError.js";
import { faultKinds } from "./faultRules.js";
import { errorReply, json, readRequest, type Reply, send } from "./http.js";
import { defaultPolicy } from "./policy.js";
import { parseJson } from "./routes/route.js";
import { type Simulator } from "./simulator.js";

function help(routes: readonly AdminRoute[]): Reply {
    const width = Math.max(...routes.map(({ method, path }) => method.length + path.length));
    const lines = routes.map(({ method, path, about }) => `${`${method} ${path}`.padEnd(width + 3)}${about}`);
    const body = `CertCentral simulator, admin interface. JSON in, JSON out.

${lines.join("\n")}

Members of a policy: ${Object.keys(defaultPolicy).join(", ")}.
Kinds of faults: ${faultKinds.join(", ")}.
`;
    return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

function failure(error: unknown): Reply {
    if (error instanceof z.ZodError) {
        return errorReply(badRequest("invalid_request", z.prettifyError(error)));
    }
    if (error instanceof ApiError) return errorReply(error);
    return json(400, {
        errors: [{ code: "refused", message: error instanceof Error ? error.message : String(error) }],
    });
}

/** The admin interface: the handle, over HTTP, for a person or another process. */
export function adminServer(
    simulator: Simulator,
): (message: IncomingMessage, response: ServerResponse) => Promise<void> {
    const paths = findMyWay({ ignoreTrailingSlash: true });
    for (const route of adminRoutes) paths.on(route.method, route.path, () => undefined, route);

    async function answer(message: IncomingMessage): Promise<Reply> {
        const request = await readRequest(message);
        if (request.pathname === "/") return help(adminRoutes);
        const found = paths.find(request.method as AdminRoute["method"], request.pathname);
        const route = found?.store as AdminRoute | null | undefined; // null for a path that cannot be decoded
        if (!found || !route) throw notFound("route");
        const result = await route.run(simulator, {
            body: parseJson(request.text),
            id: Number(found.params.id),
        });
        return json(200, result ?? {});
    }

    return async (message, response) => {
        send(response, await answer(message).catch(failure));
    };
}
