// libFuzzer's way in: one input after the other, to the harness that the environment names.

import Fuzzing
import Glibc

private let harness: Harness = {
    guard let name = getenv("LATCHSTRING_FUZZ_HARNESS").map({ String(cString: $0) }),
        let harness = Harness(rawValue: name)
    else {
        let names = Harness.allCases.map(\.rawValue).joined(separator: " ")
        fatalError("LATCHSTRING_FUZZ_HARNESS has to be one of: \(names)")
    }
    return harness
}()

/// Called by libFuzzer, which sees what traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try harness.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        // A trap is what libFuzzer takes for a finding; unlike a failed precondition it keeps its words when
        // optimised.
        fatalError("broken property of \(harness.rawValue): \(error)")
    }
    return 0
}
