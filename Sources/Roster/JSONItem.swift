// One item of a JSON roster, taken apart in the order of its members.

/// The scalars of an item that a roster's columns are made of.
///
/// Members at the top level, below `traits`, and of an `identity` and its traits, whose names are joined with
/// dots (`traits.name.first`, `identity.id`). Numbers stay as they are written, null is empty. Everything
/// else is passed over: credentials above all may never travel into an export.
struct JSONItem {
    enum Shape {
        case object, string(String), other
    }

    struct Member {
        let name: String
        let value: String
        let isNull: Bool
    }

    /// What the names of its members say about an item.
    struct Marks: OptionSet {
        let rawValue: Int

        /// It is an identity as Kratos shows them.
        static let identity = Marks(rawValue: 1)
        /// It is a session.
        static let session = Marks(rawValue: 2)
        /// It has a member `error`, `errors` or `fault` that says something.
        static let error = Marks(rawValue: 4)
        /// That member is an object or a list.
        static let errorObject = Marks(rawValue: 8)
        /// It has a member that an error answer would not have.
        static let beyondErrors = Marks(rawValue: 16)
    }

    enum Failure: Error {
        case invalidUTF8(column: String?, value: String)
        case fieldTooLong(column: String?, value: String)
        case duplicateMember(String, values: String)
    }

    let shape: Shape
    let members: [Member]
    let marks: Marks
    /// The `reason` of the member `error`, or else its `message`, or else what comes nearest to one.
    let errorText: String?

    /// Throws a `Failure`, or `MalformedJSON`.
    init(_ text: UnsafeBufferPointer<UInt8>) throws {
        var parser = JSONItemParser(text)
        shape = try parser.item()
        members = parser.members
        marks = parser.marks
        errorText = parser.errorReason ?? parser.errorMessage ?? parser.errorDetail
    }

    subscript(name: String) -> Member? {
        members.last { $0.name == name }
    }
}
