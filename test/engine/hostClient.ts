/** The calls of Pulumi's provider host, in plain objects. */
import { type ServiceError } from "@grpc/grpc-js";
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { decodeError } from "./hostErrors.js";

/** Inputs or outputs of a resource. */
export type Props = Record<string, unknown>;

/** Answer to `check`. */
export interface CheckAnswer {
    inputs: Props;
    failures: { property: string; reason: string }[];
}

/** Answer to `diff`; `changes` is `undefined` if the provider did not say. */
export interface DiffAnswer {
    changes: boolean | undefined;
    replaces: string[];
    deleteBeforeReplace: boolean;
}

/** Answer to `read`; `inputs` is there only if the provider returned some. */
export interface ReadAnswer {
    id: string;
    props: Props;
    inputs?: Props;
}

/** The provider text that Pulumi records for this package, in its shortest form. */
export const defaultProvider = 'exports.handler = () => require("pulumi-digicert/stub");';

const urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/digicert:Reissue::test";
const secretKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

type Answer<T> = (error: ServiceError | null, response: T) => void;

/**
 * Makes the calls of the engine. `__provider` is added to the sent bags if it is missing, and removed from the returned bags. Calls
 * reject with the errors of hostErrors.ts.
 */
export class HostClient {
    constructor(
        protected readonly grpc: ResourceProviderClient,
        /** The text that Pulumi would have recorded: CommonJS source whose `exports.handler()` is the provider. */
        readonly provider: string,
    ) {}

    /** Stack config, with namespaces (`digicert:region`); secrets are sent as the engine sends them. */
    async configure(config: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
        const wrapped = Object.entries(secrets).map(([key, value]) => [
            key,
            { [secretKey]: secretMark, value },
        ]);
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct({ ...config, ...(Object.fromEntries(wrapped) as Props) }));
        request.setAcceptsecrets(true);
        await call((answer: Answer<messages.ConfigureResponse>) => this.grpc.configure(request, answer));
    }

    async check(olds: Props, news: Props): Promise<CheckAnswer> {
        const request = new messages.CheckRequest();
        request.setUrn(urn);
        request.setOlds(this.#send(olds));
        request.setNews(this.#send(news));
        const response = await call((answer: Answer<messages.CheckResponse>) =>
            this.grpc.check(request, answer),
        );
        const failures = response.getFailuresList().map((failure) => failure.toObject());
        return { inputs: receive(response.getInputs()), failures };
    }

    async diff(id: string, olds: Props, news: Props): Promise<DiffAnswer> {
        const request = new messages.DiffRequest();
        request.setId(id);
        request.setUrn(urn);
        request.setOlds(this.#send(olds));
        request.setNews(this.#send(news));
        const response = await call((answer: Answer<messages.DiffResponse>) =>
            this.grpc.diff(request, answer),
        );
        const { DIFF_UNKNOWN, DIFF_SOME } = messages.DiffResponse.DiffChanges;
        const changes = response.getChanges();
        return {
            changes: changes === DIFF_UNKNOWN ? undefined : changes === DIFF_SOME,
            replaces: response.getReplacesList(),
            deleteBeforeReplace: response.getDeletebeforereplace(),
        };
    }

    async create(inputs: Props): Promise<{ id: string; outs: Props }> {
        const request = new messages.CreateRequest();
        request.setUrn(urn);
        request.setProperties(this.#send(inputs));
        const response = await call((answer: Answer<messages.CreateResponse>) =>
            this.grpc.create(request, answer),
        );
        return { id: response.getId(), outs: receive(response.getProperties()) };
    }

    async update(id: string, olds: Props, news: Props): Promise<{ outs: Props }> {
        const request = new messages.UpdateRequest();
        request.setId(id);
        request.setUrn(urn);
        request.setOlds(this.#send(olds));
        request.setNews(this.#send(news));
        const response = await call((answer: Answer<messages.UpdateResponse>) =>
            this.grpc.update(request, answer),
        );
        return { outs: receive(response.getProperties()) };
    }

    async read(id: string, props: Props): Promise<ReadAnswer> {
        const request = new messages.ReadRequest();
        request.setId(id);
        request.setUrn(urn);
        request.setProperties(this.#send(props));
        const response = await call((answer: Answer<messages.ReadResponse>) =>
            this.grpc.read(request, answer),
        );
        const inputs = response.getInputs();
        return {
            id: response.getId(),
            props: receive(response.getProperties()),
            ...(inputs === undefined ? {} : { inputs: receive(inputs) }),
        };
    }

    async delete(id: string, props: Props): Promise<void> {
        const request = new messages.DeleteRequest();
        request.setId(id);
        request.setUrn(urn);
        request.setProperties(this.#send(props));
        await call((answer: Answer<Empty>) => this.grpc.delete(request, answer));
    }

    async cancel(): Promise<void> {
        await call((answer: Answer<Empty>) => this.grpc.cancel(new Empty(), answer));
    }

    #send(props: Props): Struct {
        return toStruct({ __provider: this.provider, ...props });
    }
}

function toStruct(props: Props): Struct {
    return Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]);
}

function receive(struct: Struct | undefined): Props {
    const props: Props = struct?.toJavaScript() ?? {};
    delete props.__provider;
    return props;
}

function call<T>(start: (answer: Answer<T>) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
        start((error, response) => {
            if (error === null) resolve(response);
            else reject(decodeError(error));
        });
    });
}
