/** The folder of the package, for PYTHONPATH. It may not be there yet. */
export function chdbFolder(): string;
/** Fetches it when it is missing. */
export function ensureChdb(): void;
