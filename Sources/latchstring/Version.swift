// The version, in one place.

/// The version of the program: in `--version`, the `User-Agent` and the ledger's runs.
let latchstringVersion = "0.1.0"
