/** Order ids: types, sizes, and ways into another path or header. */
import { given } from "../../../test/fixtures/inputs.js";
import { accepted, refused, type Row } from "./row.js";

const DIGITS = /a (positive )?number, or a string of digits/;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const bad: [string, unknown, RegExp][] = [
    ["a path upwards", "../../user/me", DIGITS],
    ["a path behind the digits", "112233/../445566", DIGITS],
    ["another endpoint", "112233/status", DIGITS],
    ["a slash at the end", "112233/", DIGITS],
    ["a backslash", "112233\\..", DIGITS],
    ["an escaped slash", "112233%2freissue", DIGITS],
    ["an escaped NUL", "112233%00", DIGITS],
    ["a query", "112233?skip_approval=true", DIGITS],
    ["a fragment", "112233#x", DIGITS],
    ["a matrix parameter", "112233;x=1", DIGITS],
    ["header injection", "112233\r\nX-DC-DEVKEY: stolen", DIGITS],
    ["a request smuggled behind it", "112233 HTTP/1.1\r\n\r\nDELETE /", DIGITS],
    ["a line end", "112233\n", DIGITS],
    ["a NUL", "112233\u0000", DIGITS],
    ["a terminal escape", "\u001b[2J112233", DIGITS],
    ["blanks", "  ", DIGITS],
    ["a blank before", " 112233", DIGITS],
    ["an empty text", "", DIGITS],
    ["wide digits", "\uff11\uff12", DIGITS],
    ["Arabic digits", "\u0661\u0662", DIGITS],
    ["a sign", "+112233", DIGITS],
    ["a minus", "-112233", DIGITS],
    ["a fraction", "112233.0", DIGITS],
    ["an exponent", "1e5", DIGITS],
    ["hex", "0x1b669", DIGITS],
    ["a thousands separator", "112_233", DIGITS],
    ["the n of a bigint", "112233n", DIGITS],
    ["a list of ids", "112233,445566", DIGITS],
    ["zero", 0, /must be positive/],
    ["zeros", "0000", /must be positive/],
    ["minus zero", -0, /must be positive/],
    ["a negative number", -112233, DIGITS],
    ["half an order", 0.5, DIGITS],
    ["a number that has lost digits", 2 ** 53, DIGITS],
    ["NaN", NaN, DIGITS],
    ["infinity", Infinity, DIGITS],
    ["one more than an int64 holds", "9223372036854775808", /is too large/],
    ["twenty digits", "1".repeat(20), /is too large/],
    ["a megabyte of digits", "9".repeat(1_000_000), /is too large/],
    ["null", null, DIGITS],
    ["true", true, DIGITS],
    ["a list with the id", [112233], DIGITS],
    ["an object with the id", { id: 112233 }, DIGITS],
    ["an object that looks like a number", { valueOf: "112233", toString: "112233" }, DIGITS],
];

/** All rows about order ids. */
export const orderRows: Row[] = [
    ...bad.map(([what, orderId, says]) =>
        refused(`${what} as order id`, given({ orderId }), "orderId", says),
    ),
    accepted(
        "more digits than a number of JavaScript holds",
        given({ orderId: "9007199254740993" }),
        "it is a text from here to the path of the request, so no digit is lost",
    ),
    accepted("the largest int64", given({ orderId: "9223372036854775807" }), "the same"),
    accepted(
        "zeros before the id",
        given({ orderId: `${"0".repeat(1000)}112233` }),
        "leading zeros are dropped",
    ),
    accepted(
        "an order id that is not known yet",
        given({ orderId: UNKNOWN }),
        "tolerated in preview (contract)",
    ),
];
