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

function policyLines(): string[] {
    return Object.entries(defaultPolicy).map(
        ([name, value]) => `  ${name}: ${value === undefined ? "none" : JSON.stringify(value)}`,
    );
}

function help(routes: readonly AdminRoute[], adminUrl: string): Reply {
    const width = Math.max(...routes.map(({ method, path }) => method.length + path.length));
    const lines = routes.map(({ method, path, about }) => `${`${method} ${path}`.padEnd(width + 3)}${about}`);
    const body = `CertCentral simulator, admin interface: plays the people and the parts of DigiCert behind the API. JSON in, JSON out.

${lines.join("\n")}

For example:
  curl -X POST ${adminUrl}orders -d '{"commonName": "shop.example", "policy": {"approval": "auto"}}'
  curl -X POST ${adminUrl}requests/51000001/approve -d '{"comment": "fine"}'
  curl -X PUT ${adminUrl}orders/1190000001/policy -d '{"domains": "unvalidated"}'
  curl -X POST ${adminUrl}records -d '{"name": "_dnsauth.shop.example", "type": "TXT", "value": "<token>"}'
  curl -X POST ${adminUrl}faults -d '{"kind": "lost-answer", "method": "POST"}'

Members of a policy, each with its default:
${policyLines().join("\n")}

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

/** Ends a JSON answer with a newline, for a person at a terminal. */
function withNewline(reply: Reply): Reply {
    return reply.body.endsWith("\n") ? reply : { ...reply, body: `${reply.body}\n` };
}

/** Makes the admin interface: the methods of the simulator over HTTP, for a person or another process. */
export function adminServer(
    simulator: Simulator,
): (message: IncomingMessage, response: ServerResponse) => Promise<void> {
    const paths = findMyWay({ ignoreTrailingSlash: true });
    for (const route of adminRoutes) paths.on(route.method, route.path, () => undefined, route);

    async function answer(message: IncomingMessage): Promise<Reply> {
        const request = await readRequest(message);
        if (request.pathname === "/") return help(adminRoutes, simulator.adminUrl);
        const found = paths.find(request.method as AdminRoute["method"], request.pathname);
        const route = found?.store as AdminRoute | null | undefined; // null for a path that cannot be decoded
        if (!found || !route) throw notFound("route");
        const result = await route.run(simulator, {
            body: parseJson(request.text),
            id: Number(found.params.id),
        });
        return json(200, typeof result === "string" ? { message: result } : result);
    }

    return async (message, response) => {
        send(response, withNewline(await answer(message).catch(failure)));
    };
}
