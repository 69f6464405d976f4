// The options of a drill.

import ArgumentParser

/// On which account, by which way.
struct DrillOptions: SettingGroup {
    @Option(
        help: ArgumentHelp(
            "The base URL of the server's public port, as its users' browsers see it. Required.",
            discussion: "By the rules of --server; no credential and no header is sent there.",
            valueName: "url"
        )
    )
    var publicServer: String?

    @Option(
        help: ArgumentHelp(
            "The account to drill on, made for it. Required but for --self-service, where it is checked.",
            valueName: "id"
        )
    )
    var identity: String?

    @Flag(help: "Open a link, as a browser does.")
    var link = false

    @Flag(
        help: """
            Redeem a code of the browser type, with cookies; works also where \
            feature_flags.use_continue_with_transitions is off.
            """
    )
    var browser = false

    @Option(
        help: ArgumentHelp(
            "Begin as a user does who has forgotten the password: the server mails a code to this address.",
            valueName: "email"
        )
    )
    var selfService: String?

    @Option(
        help: ArgumentHelp(
            "A command for sh, run after the mail was sent, that prints its code; else it is asked for.",
            valueName: "command"
        )
    )
    var codeCommand: String?

    @Flag(help: "Go on without asking: the account gets a password that nobody knows.")
    var yes = false

    @Flag(help: "One JSON document on stdout instead of a line for each step.")
    var json = false

    var flags: [String: [String]] {
        var flags = settingTexts([
            "public-server": publicServer, "identity": identity, "self-service": selfService,
            "code-command": codeCommand,
        ])
        for (name, isOn) in [("link", link), ("browser", browser), ("yes", yes), ("json", json)] where isOn {
            flags[name] = ["true"]
        }
        return flags
    }
}
