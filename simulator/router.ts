import findMyWay from "find-my-way";
import { type Account } from "./account.js";
import { notFound } from "./apiError.js";
import { type ApiRequest, type Reply } from "./http.js";
import { accountRoutes } from "./routes/account.js";
import { certificateRoutes } from "./routes/certificates.js";
import { changeRoutes } from "./routes/changes.js";
import { dcvRoutes } from "./routes/dcv.js";
import { domainRoutes } from "./routes/domains.js";
import { duplicateRoutes } from "./routes/duplicates.js";
import { orderRoutes } from "./routes/orders.js";
import { organizationRoutes } from "./routes/organizations.js";
import { productRoutes } from "./routes/products.js";
import { reissueRoutes } from "./routes/reissue.js";
import { requestRoutes } from "./routes/requests.js";
import { parseJson, type Route } from "./routes/route.js";

/** Path of the API. */
export const basePath = "/services/v2";

const apiRoutes = [
    ...reissueRoutes,
    ...duplicateRoutes,
    ...orderRoutes,
    ...changeRoutes,
    ...requestRoutes,
    ...certificateRoutes,
    ...dcvRoutes,
    ...domainRoutes,
    ...organizationRoutes,
    ...productRoutes,
    ...accountRoutes,
];

/** Finds the route of a request and lets it answer. */
export class Router {
    // Two clients end the paths of lists with a slash.
    private readonly paths = findMyWay({ ignoreTrailingSlash: true });

    constructor() {
        for (const route of apiRoutes) {
            this.paths.on(route.method, basePath + route.path, () => undefined, route);
        }
    }

    answer(account: Account, request: ApiRequest): Reply {
        const found = this.paths.find(request.method as Route["method"], request.pathname);
        const route = found?.store as Route | null | undefined; // null for a path that cannot be decoded
        if (!found || !route) throw notFound("route");
        return route.answer({ account, request, params: found.params, body: () => parseJson(request.text) });
    }
}
