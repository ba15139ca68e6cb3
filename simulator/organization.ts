/** Organization of every order. */
export const organization = {
    id: 43001,
    name: "Example Ltd",
    display_name: "Example Ltd",
    is_active: true,
    city: "Lyon",
    state: "Rhone",
    country: "fr",
};

/** Division of every order. */
export const container = { id: 5, name: "Web", is_active: true };

/** User of the API key. */
export const user = { id: 9001, first_name: "Ada", last_name: "Example", email: "ada@example.com" };
