export function publish(_r: unknown, _f: string): string {
    return "";
}
