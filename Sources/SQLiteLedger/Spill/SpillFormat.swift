// The bytes of a spill file.

import Foundation

/// First what kind of file it is, then records: length (4 bytes, little-endian), checksum (8), JSON; a length
/// of 0 is the end, for the room after it is reserved and zero.
enum SpillFormat {
    static let magic = Array("latchstring spill 1\n".utf8)
    static let frameLength = 12
    /// The longest record that may be.
    static let recordLengthMax = 1 << 20

    static func encode(_ record: SpillRecord) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let payload = [UInt8](try encoder.encode(record))
        return littleEndian(UInt32(payload.count)) + littleEndian(checksum(payload)) + payload
    }

    /// What follows in a file.
    enum Frame {
        case record(SpillRecord)
        /// It was not written to its end, or was changed since; where the next one begins, if that can be
        /// told.
        case damaged
        case end
    }

    /// Reads the record at `offset`, and moves that behind it.
    static func frame(in bytes: [UInt8], at offset: inout Int) -> Frame {
        guard offset < bytes.count else { return .end }
        guard offset + frameLength <= bytes.count else {
            defer { offset = bytes.count }
            return bytes[offset...].allSatisfy { $0 == 0 } ? .end : .damaged
        }
        let length = Int(number(in: bytes, at: offset, bytes: 4))
        let sum = number(in: bytes, at: offset + 4, bytes: 8)
        let start = offset + frameLength
        if length == 0 {
            // Reserved room is zero; a length that was wiped out is not followed by zeros.
            defer { offset = bytes.count }
            return bytes[offset...].allSatisfy { $0 == 0 } ? .end : .damaged
        }
        guard length <= recordLengthMax, start + length <= bytes.count else {
            offset = bytes.count
            return .damaged
        }
        offset = start + length
        let payload = bytes[start..<start + length]
        guard checksum(payload) == sum,
            let record = try? JSONDecoder().decode(SpillRecord.self, from: Data(payload))
        else { return .damaged }
        return .record(record)
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo): against torn writes and flipped bits, not against anybody.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func number(in bytes: [UInt8], at offset: Int, bytes count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
    }
}
