// The part of a roster that is in memory: UTF-8 between the row being read and the end of what was read.

/// A sliding window over a source's text, transcoded to UTF-8.
///
/// Bytes are addressed from the window's start, which `discard` moves on. The window holds what its reader
/// has not discarded; readers keep that below the row bound, so the memory is bounded too.
final class TextWindow {
    private var source: any ByteSource
    private var hash = FingerprintHash()
    private(set) var rawBytesRead: Int64 = 0
    private(set) var encoding = TextEncoding.utf8

    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var start = 0
    private var end = 0
    /// How many bytes of UTF-8 were discarded: the window's place in the whole text, byte order mark
    /// included.
    private(set) var position: Int64 = 0
    private(set) var isAtEnd = false

    private var decoder: UTF16Decoder?
    private var raw: UnsafeMutableRawBufferPointer?
    private var isBegun = false

    private static let readBytes = 128 << 10
    private static let capacityMax = RosterBounds.rowBytesMax * 2 + (1 << 20)

    init(_ source: some ByteSource) {
        self.source = source
        capacity = Self.readBytes * 4
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
        raw?.deallocate()
    }

    var count: Int { end - start }

    /// What is in the window; valid until the next call that changes it.
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + start, count: end - start)
    }

    var name: String { source.name }

    /// Of the raw bytes read so far.
    var fingerprint: String { hash.text }

    func discard(_ count: Int) {
        start += count
        position += Int64(count)
    }

    /// Reads on: afterwards the window has grown or `isAtEnd` is true.
    func fill() throws {
        if !isBegun { try begin() }
        let before = count
        while !isAtEnd, count == before {
            try read()
        }
    }

    /// Reads on until the window holds `wanted` bytes or the source is at its end.
    func fill(to wanted: Int) throws {
        while !isAtEnd, count < wanted { try fill() }
    }

    private func read() throws {
        guard decoder != nil else {
            reserve(Self.readBytes)
            let free = UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
            let got = try readRaw(into: UnsafeMutableRawBufferPointer(rebasing: free.prefix(Self.readBytes)))
            end += got
            return
        }
        let raw = self.raw ?? .allocate(byteCount: Self.readBytes, alignment: 16)
        self.raw = raw
        let got = try readRaw(into: raw)
        append(UnsafeRawBufferPointer(rebasing: raw[..<got]))
    }

    private func readRaw(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let got = try source.read(into: buffer)
        if got == 0 { isAtEnd = true }
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
        rawBytesRead += Int64(got)
        return got
    }

    /// Transcodes; at the end what is pending too.
    private func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(UTF16Decoder.capacity(for: bytes.count))
        var appender = UTF8Appender(base: base + end)
        decoder?.decode(bytes, to: &appender)
        if isAtEnd { decoder?.finish(to: &appender) }
        end += appender.count
    }

    /// Reads as much as tells the encoding, and drops the byte order mark.
    private func begin() throws {
        isBegun = true
        let head = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readBytes, alignment: 16)
        defer { head.deallocate() }
        var count = 0
        while !isAtEnd, count < 3 {
            count += try readRaw(into: UnsafeMutableRawBufferPointer(rebasing: head[count...]))
        }
        let (encoding, markLength) = TextEncoding.told(by: head[..<count])
        self.encoding = encoding
        position = Int64(markLength)
        let rest = UnsafeRawBufferPointer(rebasing: head[markLength..<count])
        if encoding == .utf8 {
            UnsafeMutableRawBufferPointer(start: base, count: capacity).copyMemory(from: rest)
            end = rest.count
        } else {
            decoder = UTF16Decoder(isBigEndian: encoding == .utf16BigEndian)
            append(rest)
        }
    }

    /// Makes room for `count` more bytes: moves the text to the front where at least half of the memory is
    /// free, so that each byte is moved once on average; else doubles the memory, up to twice the row bound.
    private func reserve(_ count: Int) {
        guard capacity - end < count else { return }
        let live = end - start
        if live * 2 <= capacity, live + count <= capacity {
            base.update(from: base + start, count: live)
        } else {
            capacity = max(min(capacity * 2, Self.capacityMax), live + count)
            let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
            grown.update(from: base + start, count: live)
            base.deallocate()
            base = grown
        }
        (start, end) = (0, live)
    }
}
