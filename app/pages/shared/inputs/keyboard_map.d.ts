// The layout of the keyboard, as some browsers tell it: the library of types does not have it.

interface Navigator {
  readonly keyboard?: { getLayoutMap(): Promise<ReadonlyMap<string, string>> };
}
