// "List organizations", "Organization info", "List organization validations".
import { notFound } from "../apiError.js";
import { addDays, isoTime } from "../calendar.js";
import { json, type Reply } from "../http.js";
import { container, organization, user } from "../organization.js";
import { pageOf } from "./page.js";
import { type Context, idOf, type Route } from "./route.js";

// Since 2026-02-24 an organization is validated again after 397 days [2ND]; here the last validation is always today.
function validationsOf({ account }: Context) {
    return ["ov", "ev"].map((type) => ({
        type,
        name: type.toUpperCase(),
        description:
            type === "ov" ? "Normal Organization Validation" : "Extended Organization Validation (EV)",
        date_created: isoTime(account.now()),
        validated_until: isoTime(addDays(account.now(), 397)),
        status: "active",
    }));
}

function organizationJson(context: Context) {
    const { id, first_name, last_name, email } = user;
    return {
        ...organization,
        status: "active",
        assumed_name: "",
        address: "1 Example Street",
        zip: "69001",
        telephone: "+33 4 00 00 00 00",
        container,
        organization_contact: { id, first_name, last_name, email, telephone: "+33 4 00 00 00 00" },
        ev_approvers: [{ id, first_name, last_name }],
        validations: validationsOf(context),
    };
}

function listOrganizations(context: Context): Reply {
    const { items: organizations, page } = pageOf(context, [organizationJson(context)]);
    return json(200, { organizations, page });
}

function checkOrganization(context: Context): void {
    if (idOf(context, "organizationId", "organization") !== organization.id) throw notFound("organization");
}

function getOrganization(context: Context): Reply {
    checkOrganization(context);
    return json(200, organizationJson(context));
}

function listValidations(context: Context): Reply {
    checkOrganization(context);
    return json(200, { validations: validationsOf(context) });
}

export const organizationRoutes: Route[] = [
    { method: "GET", path: "/organization", answer: listOrganizations },
    { method: "GET", path: "/organization/:organizationId", answer: getOrganization },
    { method: "GET", path: "/organization/:organizationId/validation", answer: listValidations },
];
