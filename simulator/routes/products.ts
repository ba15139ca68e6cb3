// "List products", "Product info".
import { type Account } from "../account.js";
import { notFound } from "../apiError.js";
import { caCert } from "../certificateViews.js";
import { json, type Reply } from "../http.js";
import { type Product } from "../model.js";
import { serverPlatforms } from "../platforms.js";
import { type Context, type Route } from "./route.js";

function product(name_id: string, name: string, validation_type: string, type = "ssl_certificate"): Product {
    return { name_id, name, type, validation_type };
}

/** Products of every account here; those that were seeded come in addition. */
const catalog: readonly Product[] = [
    product("ssl_plus", "SSL Plus", "ov"),
    product("ssl_basic", "Basic OV", "ov"),
    product("ssl_multi_domain", "Multi-Domain SSL", "ov"),
    product("ssl_wildcard", "WildCard Plus", "ov"),
    product("ssl_ev_plus", "EV SSL Plus", "ev"),
    product("ssl_ev_multi_domain", "EV Multi-Domain", "ev"),
    product("ssl_dv_geotrust", "GeoTrust Standard DV", "dv"),
    product("ssl_dv_rapidssl", "RapidSSL Standard DV", "dv"),
    product("code_signing", "Code Signing", "ov", "code_signing_certificate"),
    product("client_premium", "Premium", "ov", "client_certificate"),
];

const hashes = ["sha256", "sha384", "sha512"];

function productJson(of: Product) {
    return {
        group_name: of.type,
        ...of,
        signature_hash_types: {
            allowed_hash_types: hashes.map((id) => ({ id, name: id.replace("sha", "SHA-") })),
            default_hash_type_id: "sha256",
        },
        server_platforms: serverPlatforms,
        duplicates_allowed: true,
        csr_required: true,
        allowed_validity_years: [1],
        allowed_order_validity_years: [1, 2, 3],
        allowed_ca_certs: [caCert],
    };
}

function productsOf(account: Account): Map<string, Product> {
    const seeded = [...account.orders.values()].map((order) => order.product);
    return new Map([...catalog, ...seeded].map((one) => [one.name_id, one]));
}

function listProducts({ account }: Context): Reply {
    return json(200, { products: [...productsOf(account).values()].map(productJson) });
}

function getProduct({ account, params }: Context): Reply {
    const found = productsOf(account).get(params.nameId ?? "");
    if (!found) throw notFound("product");
    return json(200, productJson(found));
}

export const productRoutes: Route[] = [
    { method: "GET", path: "/product", answer: listProducts },
    { method: "GET", path: "/product/:nameId", answer: getProduct },
];
