// Domains beyond ASCII, as the mail system writes them: `müller.example` is `xn--mller-kva.example`.

import Foundation

/// Internationalized domain names in ASCII (IDNA 2008, RFC 5890), by Punycode (RFC 3492).
///
/// libcurl's CURLU_PUNYCODE is not used: libidn2 reads the name in the locale's encoding, which is ASCII for
/// services, and not every libcurl has it.
enum DomainName {
    private static let labelBytesMax = 63
    private static let bytesMax = 253

    /// An address with its domain in ASCII; nil where that cannot be.
    static func asciiAddress(_ address: String) -> String? {
        guard let at = address.lastIndex(of: "@") else { return nil }
        if address[at...].utf8.allSatisfy({ $0 < 0x80 }) { return address }
        return ascii(String(address[address.index(after: at)...])).map { address[...at] + $0 }
    }

    /// A domain in ASCII; nil where a label is empty or becomes too long.
    static func ascii(_ domain: String) -> String? {
        if domain.utf8.allSatisfy({ $0 < 0x80 }) { return domain }
        // Capitals, wide letters and composed ones have one form in names (UTS 46); ß stays.
        let name = domain.lowercased().precomposedStringWithCompatibilityMapping.lowercased()
        let dots: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{ff0e}", "\u{ff61}"]
        var labels: [String] = []
        for label in name.unicodeScalars.split(
            omittingEmptySubsequences: false,
            whereSeparator: dots.contains
        ) {
            let scalars = Array(label)
            guard !scalars.isEmpty, let ascii = ascii(label: scalars), ascii.utf8.count <= labelBytesMax
            else {
                return nil
            }
            labels.append(ascii)
        }
        let joined = labels.joined(separator: ".")
        return joined.utf8.count <= bytesMax ? joined : nil
    }

    private static func ascii(label: [Unicode.Scalar]) -> String? {
        if label.allSatisfy(\.isASCII) {
            return String(String.UnicodeScalarView(label))
        }
        // What is not ASCII begins with an ASCII prefix already taken.
        guard !label.starts(with: "xn--".unicodeScalars) else { return nil }
        return punycode(label).map { "xn--" + $0 }
    }

    /// RFC 3492, 6.3; nil where numbers overflow.
    static func punycode(_ label: [Unicode.Scalar]) -> String? {
        var output = label.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        let basicCount = output.count
        var handled = basicCount
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var (code, delta, bias) = (UInt64(128), UInt64(0), UInt64(72))
        while handled < label.count {
            let next = label.map { UInt64($0.value) }.filter { $0 >= code }.min() ?? code
            let (step, isOver) = (next - code).multipliedReportingOverflow(by: UInt64(handled + 1))
            guard !isOver, delta + step <= UInt32.max else { return nil }
            delta += step
            code = next
            for scalar in label {
                if scalar.value < code { delta += 1 }
                guard scalar.value == code else { continue }
                output += variableLength(delta, bias)
                bias = adapted(delta, count: UInt64(handled + 1), isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let (base, least, most): (UInt64, UInt64, UInt64) = (36, 1, 26)

    private static func variableLength(_ delta: UInt64, _ bias: UInt64) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = delta
        var position = base
        while true {
            let threshold = position <= bias ? least : min(position - bias, most)
            guard rest >= threshold else { break }
            digits.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        return digits + [digit(rest)]
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26)
    }

    /// RFC 3492, 6.1.
    private static func adapted(_ delta: UInt64, count: UInt64, isFirst: Bool) -> UInt64 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps: UInt64 = 0
        while delta > (base - least) * most / 2 {
            delta /= base - least
            steps += base
        }
        return steps + (base - least + 1) * delta / (delta + 38)
    }
}
