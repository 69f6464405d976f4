// The settings that say how the server is asked about invitations.

/// How the server is asked who has activated.
struct SyncGroup: SettingGroup {
    static let heading = "Sync"

    let sessions = Setting(switch: "sessions")
        .help(
            """
            Also find who came in by the code or link and has set no credential: read the sessions in pages, \
            or by identity where that takes fewer requests.
            """
        )

    let readRate = IssuingGroup().readRate
        .help("At most so many requests, each for up to 500 identities or sessions: 1/s, 25/m.")

    let share = IssuingGroup().share

    let attemptsMax = RunGroup().attemptsMax

    let giveUpAfter = RunGroup().giveUpAfter

    let maxDuration = RunGroup().maxDuration

    let quiet = RunGroup().quiet.help("No progress and no words on stderr; errors are still shown.")
}
