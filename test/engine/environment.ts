/** What a child process of a test gets to see of the developer's environment. */

const dropped = [
    /^digicert_/i,
    /^pulumi_/i,
    /^(https?|all|no|ftp)_proxy$/i,
    /^node_(options|extra_ca_certs|tls_reject_unauthorized)$/i,
    /^npm_/i,
    /^ts_node_/i,
];

/**
 * This process's environment without what could change how Pulumi, Node or the provider behave.
 *
 * @param added - set afterwards
 */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env)) {
        if (value !== undefined && !dropped.some((pattern) => pattern.test(name))) env[name] = value;
    }
    return { ...env, ...added };
}
