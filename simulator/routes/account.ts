// "User info", "List users", "Account details", "List containers", "View balance", "List expiring orders".
import { notFound } from "../apiError.js";
import { daysBetween, isoTime } from "../calendar.js";
import { json, type Reply } from "../http.js";
import { container, organization, user } from "../organization.js";
import { pageOf } from "./page.js";
import { type Context, idOf, type Route } from "./route.js";

const accessRoles = [{ id: 1, name: "Administrator" }];

function userJson(context: Context) {
    return {
        ...user,
        username: user.email,
        account_id: 1000001,
        job_title: "Administrator",
        telephone: "+33 4 00 00 00 00",
        status: "active",
        last_login_date: isoTime(context.account.now()),
        container,
        access_roles: accessRoles,
        type: "standard",
        has_container_assignments: false,
    };
}

function getMe(context: Context): Reply {
    return json(200, userJson(context));
}

function listUsers(context: Context): Reply {
    const { items: users, page } = pageOf(context, [userJson(context)]);
    return json(200, { users, page });
}

function getUser(context: Context): Reply {
    if (idOf(context, "userId", "user") !== user.id) throw notFound("user");
    return getMe(context);
}

function getAccount(): Reply {
    return json(200, {
        id: 1000001,
        primary_organization_id: organization.id,
        primary_organization_name: organization.name,
        make_renewal_calls: true,
        express_install_enabled: true,
        root_container_id: container.id,
        cert_transparency: "embed",
        cert_central_type: "retail",
        has_auth_key: false,
    });
}

const containerJson = {
    ...container,
    public_id: "exampleContainer1",
    description: "",
    parent_id: 0,
    template_id: 5,
    ekey: "exampleKey",
    has_logo: false,
    allowed_domain_names: [],
};

const template = { id: 5, name: "Division", date_created: "2014-08-05T20:11:28+00:00" };

function listContainers(context: Context): Reply {
    const { items: containers, page } = pageOf(context, [containerJson]);
    return json(200, { containers, page });
}

function checkContainer(context: Context): void {
    if (idOf(context, "containerId", "container") !== container.id) throw notFound("container");
}

function getContainer(context: Context): Reply {
    checkContainer(context);
    return json(200, { ...containerJson, access_roles: accessRoles });
}

function listChildren(context: Context): Reply {
    checkContainer(context);
    return json(200, { containers: [] });
}

function listTemplates(context: Context): Reply {
    checkContainer(context);
    return json(200, { container_templates: [template] });
}

function getTemplate(context: Context): Reply {
    checkContainer(context);
    if (idOf(context, "templateId", "container_template") !== template.id)
        throw notFound("container_template");
    return json(200, { ...template, access_roles: accessRoles });
}

function listContainerOrganizations(context: Context): Reply {
    checkContainer(context);
    const { id, name, display_name } = organization;
    return json(200, { organizations: [{ id, name, display_name }] });
}

// [?] All values: no order here costs anything.
function getBalance(): Reply {
    return json(200, {
        balance: "100.00",
        currency: "USD",
        unpaid_invoice_balance: "0.00",
        negative_balance_limit: "2000.00",
        used_credit_from_other_containers: "0.00",
        total_available_funds: "2100.00",
    });
}

// [?] Whether a count includes the orders of the shorter spans; -7 is the week after the end.
function listExpiring(context: Context): Reply {
    const { account } = context;
    const days = [...account.orders.values()].flatMap(({ current }) =>
        current.leaf && current.status === "issued"
            ? [daysBetween(account.now(), current.leaf.validTill)]
            : [],
    );
    const within = (from: number, to: number) => days.filter((day) => day >= from && day <= to).length;
    const expiring_orders = [
        { days_expiring: 90, order_count: within(61, 90) },
        { days_expiring: 60, order_count: within(31, 60) },
        { days_expiring: 30, order_count: within(0, 30) },
        { days_expiring: -7, order_count: within(-7, -1) },
    ];
    return json(200, { expiring_orders });
}

export const accountRoutes: Route[] = [
    { method: "GET", path: "/user/me", answer: getMe },
    { method: "GET", path: "/user", answer: listUsers },
    { method: "GET", path: "/user/:userId", answer: getUser },
    { method: "GET", path: "/account", answer: getAccount },
    { method: "GET", path: "/container", answer: listContainers },
    { method: "GET", path: "/container/:containerId", answer: getContainer },
    { method: "GET", path: "/container/:containerId/children", answer: listChildren },
    { method: "GET", path: "/container/:containerId/template", answer: listTemplates },
    { method: "GET", path: "/container/:containerId/template/:templateId", answer: getTemplate },
    {
        method: "GET",
        path: "/container/:containerId/order/organization",
        answer: listContainerOrganizations,
    },
    { method: "GET", path: "/finance/balance", answer: getBalance },
    { method: "GET", path: "/report/order/:containerId/expiring", answer: listExpiring },
];
