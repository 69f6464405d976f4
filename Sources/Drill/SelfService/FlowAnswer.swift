// The bodies of the public port: flows, their forms and messages, sessions.

import Foundation
import Providers
import Model

/// A flow of any kind, read leniently: of what the server leaves out, or means otherwise, nothing is there.
struct FlowAnswer: Decodable {
    let id: String
    let state: String?
    let messages: [Message]
    let nodes: [Node]
    let continueWith: [Continuation]
    let identity: AccountFacts?

    /// Something said to the user; the numbers are Kratos' own (`text/id.go`).
    struct Message: Decodable {
        let id: Int
        let text: String

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: AnyKey.self)
            id = (try? values.decode(Int.self, forKey: AnyKey("id"))) ?? 0
            text = try values.decode(String.self, forKey: AnyKey("text"))
        }
    }

    /// A field of the form.
    struct Node: Decodable {
        let name: String
        let value: String?
        let messages: [Message]

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: AnyKey.self)
            let field = try values.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("attributes"))
            name = (try? field.decode(String.self, forKey: AnyKey("name"))) ?? ""
            value = try? field.decode(String.self, forKey: AnyKey("value"))
            messages = (try? values.decode([Message].self, forKey: AnyKey("messages"))) ?? []
        }
    }

    /// What the client is to do next.
    struct Continuation: Decodable {
        let action: String
        let token: String?
        let flow: String?

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: AnyKey.self)
            action = try values.decode(String.self, forKey: AnyKey("action"))
            token = try? values.decode(String.self, forKey: AnyKey("ory_session_token"))
            let next = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("flow"))
            flow = try? next?.decode(String.self, forKey: AnyKey("id"))
        }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: AnyKey.self)
        id = try values.decode(String.self, forKey: AnyKey("id"))
        state = try? values.decode(String.self, forKey: AnyKey("state"))
        let form = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("ui"))
        messages = (try? form?.decode([Message].self, forKey: AnyKey("messages"))) ?? []
        nodes = (try? form?.decode([Node].self, forKey: AnyKey("nodes"))) ?? []
        continueWith =
            (try? values.decode([Continuation].self, forKey: AnyKey("continue_with"))) ?? []
        identity = try? values.decode(AccountFacts.self, forKey: AnyKey("identity"))
    }

    /// Nil where the body is no flow.
    init?(body: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(FlowAnswer.self, from: Data(body)) else { return nil }
        self = answer
    }

    /// The form's token against forgery; nil where it has none, as flows of programs.
    var csrfToken: Secret<String>? {
        nodes.first { $0.name == "csrf_token" }?.value.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// What is said, to the form and then to its fields.
    var allMessages: [Message] { messages + nodes.flatMap(\.messages) }
}

/// A session, alone or in the answer to a login.
struct SessionAnswer: Decodable {
    let isActive: Bool
    let assurance: String?
    let methods: [String]
    let identity: AccountFacts?

    private struct Method: Decodable {
        let method: String
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: AnyKey.self)
        _ = try values.decode(String.self, forKey: AnyKey("id"))
        isActive = (try? values.decode(Bool.self, forKey: AnyKey("active"))) ?? true
        assurance = try? values.decode(String.self, forKey: AnyKey("authenticator_assurance_level"))
        let methods = try? values.decode([Method].self, forKey: AnyKey("authentication_methods"))
        self.methods = methods.map { $0.map(\.method) } ?? []
        identity = try? values.decode(AccountFacts.self, forKey: AnyKey("identity"))
    }
}

/// The answer to a login: the token of a session, and the session.
struct LoginAnswer: Decodable {
    let token: Secret<String>
    let session: SessionAnswer

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: AnyKey.self)
        token = Secret(try values.decode(String.self, forKey: AnyKey("session_token")))
        session = try values.decode(SessionAnswer.self, forKey: AnyKey("session"))
    }
}
