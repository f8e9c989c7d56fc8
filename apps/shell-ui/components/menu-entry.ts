/** The look of what can be chosen in a menu. */
export const menuEntry = "block w-full rounded-lg px-3 py-2.5 text-left text-sm hover:bg-sunken";
