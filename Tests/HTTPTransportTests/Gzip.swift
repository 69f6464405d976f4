// Compressed bytes for the tests, made without a compressor.

enum Gzip {
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]

    /// The bytes of `{"recovery_code":"764539"}`.
    static let code: [UInt8] =
        header + [
            0xab, 0x56, 0x2a, 0x4a, 0x4d, 0xce, 0x2f, 0x4b, 0x2d, 0xaa, 0x8c, 0x4f, 0xce, 0x4f, 0x49, 0x55,
            0xb2,
            0x52, 0x32, 0x37, 0x33, 0x31, 0x35, 0xb6, 0x54, 0xaa, 0x05, 0x00,
            0xfb, 0x08, 0x86, 0xe6, 0x1a, 0x00, 0x00, 0x00,
        ]

    /// So many mebibytes of zeros in about a thousandth of their size, without an end.
    ///
    /// One deflate block of 1 MiB, flushed so that it stands for itself, is repeated.
    static func zeros(mebibytes: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 1037)
        block.replaceSubrange(0..<15, with: blockStart)
        block.replaceSubrange(1031..<1037, with: blockEnd)
        return header + Array(repeatElement(block, count: mebibytes).joined())
    }

    private static let blockStart: [UInt8] = [
        0xec, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x08, 0x5f, 0xa0,
    ]
    private static let blockEnd: [UInt8] = [0x00, 0x3e, 0x03, 0x00, 0x00, 0xff]
}
