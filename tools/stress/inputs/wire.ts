/** Inputs as they come out of Pulumi's transport. */
import { isDeepStrictEqual } from "node:util";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Bag } from "../../../test/fixtures/inputs.js";

/** What the host hands to the provider of what the engine was given. */
export function sent(bag: Bag): Bag {
    const struct = Struct.fromJavaScript(bag as Parameters<typeof Struct.fromJavaScript>[0]);
    return Struct.deserializeBinary(struct.serializeBinary()).toJavaScript();
}

/** Whether a bag passes the transport unchanged: no bigint or function, nothing that is `undefined`, whole characters. */
export function isSentAsItIs(bag: Bag): boolean {
    try {
        return isDeepStrictEqual(sent(bag), bag);
    } catch {
        return false;
    }
}
