// The settings of a drill, and what the doctor shares with it.

import Model

/// On which account, by which way.
struct DrillGroup: SettingGroup {
    static let heading = "Drill"

    /// Read by `ServerSettings`, as `server` is.
    let publicServer = Setting("public-server", .text("url"))
        .help(
            "The base URL of the server's public port, as its users' browsers see it. Required.",
            more: "By the rules of --server; no credential and no header is sent there."
        )
        .example("https://accounts.example.com")

    let identity = Setting("identity", .parsed("an identity's ID, a UUID", "id") { IdentityID($0) })
        .help("The account to drill on, made for it. Required but for --self-service, where it is checked.")
        .example("be766d1e-8158-474d-bb27-dccac3e712f5")

    let link = Setting(switch: "link").help("Open a link, as a browser does.")

    let browser = Setting(switch: "browser")
        .help(
            """
            Redeem a code of the browser type, with cookies; works also where \
            feature_flags.use_continue_with_transitions is off.
            """
        )

    let selfService = Setting("self-service", .parsed("an address", "email") { $0.contains("@") ? $0 : nil })
        .help("Begin as a user does who has forgotten the password: the server mails a code to this address.")
        .example("drill@example.com")

    /// Secret, for there may be a password in the command.
    let codeCommand = Setting("code-command", .text("command"))
        .help("A command for sh, run after the mail was sent, that prints its code; else it is asked for.")
        .example("./code-from-mailbox").secret

    /// A flag alone: a confirmation that stands somewhere is none.
    let yes = Setting(switch: "yes")
        .help("Go on without asking: the account gets a password that nobody knows.").only(on: [.flag])

    let json = CampaignGroup().json.help("One JSON document on stdout instead of a line for each step.")
}

/// Which campaign's server a drill is on.
struct DrillCampaignGroup: SettingGroup {
    static let heading = "Campaign"

    let campaign = CampaignGroup().campaign.with {
        $0.help = "Drill on the server that this campaign belongs to, where --server is not given."
        $0.note = nil
    }

    let outputDir = CampaignGroup().outputDir
}

/// The server that users meet.
struct DoctorGroup: SettingGroup {
    static let heading = "Doctor"

    let publicServer = DrillGroup().publicServer
        .help("The base URL of the server's public API, to see whether users can recover by themselves.")
}
