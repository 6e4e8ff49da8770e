// Which network interfaces a configuration names. Apart from the schema, so that commands can ask without
// loading the schema library.

/** The interfaces that are captured on, in their order; none for files. */
export const interfacesOf = (capture: {
  interface?: string;
  interfaces?: readonly string[];
}): readonly string[] => capture.interfaces ?? (capture.interface === undefined ? [] : [capture.interface]);
