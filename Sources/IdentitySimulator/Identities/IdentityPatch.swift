// RFC 6902, as far as an identity is patched by it: add, remove, replace and test.

/// A JSON Patch for one identity.
struct IdentityPatch: Sendable {
    /// Why a patch cannot be applied, in the words of the library that Kratos has for it.
    struct Failure: Error, Hashable {
        let text: String
        var reason = "An error occured when applying the JSON patch"
    }

    private struct Operation: Sendable {
        var name: String
        var path: String
        var value: JSONTree?
    }

    private static let denied = ["/id", "/stateChangedAt", "/credentials"]

    private var operations: [Operation] = []

    init(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let tree: JSONTree
        do throws(GoJSONError) { tree = try JSONTree(bytes) } catch { throw Failure(text: error.text) }
        guard case .array(let values) = tree else {
            throw Failure(
                text: "json: cannot unmarshal \(tree.goName) into Go value of type jsonpatch.Patch"
            )
        }
        for value in values {
            guard let name = value["op"]?.string, let path = value["path"]?.string else {
                throw Failure(text: "missing value")
            }
            let isDenied = Self.denied.contains { path.lowercased() == $0.lowercased() }
            guard !isDenied, !path.hasPrefix("/credentials/oidc/") else {
                throw Failure(text: "patch includes denied path: \(path)")
            }
            guard ["add", "remove", "replace", "test"].contains(name) else {
                throw Failure(text: "Unexpected kind: \(name)")
            }
            operations.append(Operation(name: name, path: path, value: value["value"]))
        }
    }

    func applied(to document: JSONTree) throws(Failure) -> JSONTree {
        var document = document
        for operation in operations {
            let keys = operation.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                .map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
            document = try Self.apply(operation, to: document, keys[...])
        }
        return document
    }

    private static func apply(
        _ operation: Operation,
        to tree: JSONTree,
        _ keys: ArraySlice<String>
    ) throws(Failure) -> JSONTree {
        let missing = Failure(
            text:
                "\(operation.name) operation does not apply: doc is missing key: "
                + "\(operation.path): missing value"
        )
        guard let key = keys.first else { throw missing }
        let isLast = keys.count == 1
        switch tree {
        case .object(var members):
            let index = members.firstIndex { $0.name == key }
            if !isLast {
                guard let index else { throw missing }
                members[index].value = try apply(operation, to: members[index].value, keys.dropFirst())
                return .object(members)
            }
            switch (operation.name, index) {
            case ("add", nil): members.append(JSONTree.Member(name: key, value: operation.value ?? .null))
            case ("add", let index?), ("replace", let index?): members[index].value = operation.value ?? .null
            case ("remove", let index?): members.remove(at: index)
            case ("test", let index)
            where (index.map { members[$0].value } ?? .null) == operation.value ?? .null:
                break
            case ("test", _): throw Failure(text: "testing value \(operation.path) failed: test failed")
            default: throw missing
            }
            return .object(members)
        case .array(var values):
            let index = key == "-" ? values.count : Int(key) ?? -1
            if operation.name == "add", isLast, (0...values.count).contains(index) {
                values.insert(operation.value ?? .null, at: index)
                return .array(values)
            }
            guard values.indices.contains(index) else { throw missing }
            guard isLast else {
                values[index] = try apply(operation, to: values[index], keys.dropFirst())
                return .array(values)
            }
            switch operation.name {
            case "remove": values.remove(at: index)
            case "replace": values[index] = operation.value ?? .null
            default:
                guard values[index] == operation.value ?? .null else {
                    throw Failure(text: "testing value \(operation.path) failed: test failed")
                }
            }
            return .array(values)
        default: throw missing
        }
    }
}
