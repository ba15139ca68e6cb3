import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Account } from "./account.js";
import { accessDenied, ApiError, withUndocumented } from "./apiError.js";
import { dueLookups } from "./checks.js";
import { type Faults } from "./faults.js";
import { answerWithFault, tooManyRequests } from "./faultyAnswer.js";
import { type Hold, type Holds } from "./holds.js";
import { type ApiRequest, errorReply, readRequest, type Reply, send } from "./http.js";
import { type RateLimit } from "./rateLimit.js";
import { type RecordServers } from "./records.js";
import { recordedBody, type RecordedRequest, type Recorder } from "./recorder.js";
import { basePath, Router } from "./router.js";
import { runDueEvents } from "./events.js";

/** The parts of the API. */
export interface ApiParts {
    account: Account;
    apiKey: string;
    faults: Faults;
    holds: Holds;
    recorder: Recorder;
    rateLimit: RateLimit;
    retryAfter: number | undefined;
    /** Servers in which tokens are searched, beside the records that were set by hand. */
    servers: RecordServers;
    closing: AbortSignal;
}

/** The API: answers a request, as far as a fault allows it. */
export class Api {
    private readonly router = new Router();
    private readonly parts: ApiParts;

    constructor(parts: ApiParts) {
        this.parts = parts;
    }

    async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
        const { account, holds, recorder } = this.parts;
        const recorded = recorder.begin(message, account.clock.now());
        const request = await readRequest(message);
        recorded.body = recordedBody(request.text);
        this.countReissuePost(request);
        const hold = holds.take(request.method, this.underBase(request.path));
        await this.answer(request, response, recorded, hold);
        hold?.end(response);
    }

    private async answer(
        request: ApiRequest,
        response: ServerResponse,
        recorded: RecordedRequest,
        hold: Hold | undefined,
    ): Promise<void> {
        const { account, faults, closing } = this.parts;
        if (hold && !(await hold.pass("arrival"))) {
            response.destroy();
            return;
        }
        const fault = faults.take(request.method, this.underBase(request.path));
        await this.queryServers(request);
        const commit = () => this.handle(request);
        if (!fault) {
            const reply = commit();
            if (hold && !(await hold.pass("answer"))) {
                response.destroy();
                return;
            }
            recorded.status = reply.status;
            send(response, reply);
            return;
        }
        recorded.fault = fault.kind;
        const commitLater = (ms: number) => {
            const at = new Date(account.clock.now().getTime() + ms);
            account.delayed.push({ at, run: commit });
        };
        const reply = await answerWithFault(fault, {
            response,
            commit,
            commitLater,
            authority: account.authority,
            closing,
        });
        recorded.status = reply?.status;
    }

    // Handled synchronously, so that requests that arrive together are handled one after the other.
    private handle(request: ApiRequest): Reply {
        const { account, apiKey, rateLimit } = this.parts;
        try {
            runDueEvents(account);
            const key = request.headers["x-dc-devkey"];
            if (key !== apiKey) throw accessDenied("access_denied_invalid_key");
            if (!rateLimit.admit(apiKey)) return tooManyRequests(this.parts.retryAfter);
            return this.router.answer(account, request);
        } catch (error) {
            const { errorForm, undocumentedError } = account.settings;
            return errorReply(
                error instanceof ApiError ? withUndocumented(error, undocumentedError) : error,
                errorForm,
            );
        }
    }

    // The DNS and web servers are queried before a request is handled, which happens synchronously: for the order of a check-dcv,
    // and for the orders that DigiCert would check by itself now.
    private async queryServers({ method, pathname }: ApiRequest): Promise<void> {
        const { account, servers } = this.parts;
        if (servers.dns === undefined && servers.http === undefined) return;
        const [, orderId] = /\/order\/certificate\/(\d+)\/check-dcv\/?$/.exec(pathname) ?? [];
        const checked = method === "PUT" && orderId !== undefined ? Number(orderId) : undefined;
        await account.records.query(dueLookups(account, checked), servers);
    }

    private underBase(path: string): string {
        return path.startsWith(basePath) ? path.slice(basePath.length) : path;
    }

    private countReissuePost({ method, pathname }: ApiRequest): void {
        const [, orderId] = /\/order\/certificate\/(\d+)\/reissue\/?$/.exec(pathname) ?? [];
        const order = this.parts.account.orders.get(Number(orderId));
        if (order && method === "POST") order.reissuePosts += 1;
    }
}
