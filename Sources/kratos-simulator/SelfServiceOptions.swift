// The options of the simulated server that concern users: recovering, settings, logging in.

import ArgumentParser
import IdentitySimulator

struct SelfServiceOptions: ParsableArguments {
    @Flag(help: "Let codes and links be redeemed that were issued; takes memory for each.")
    var selfService = false

    @Flag(help: "Switch on Kratos' feature_flags.use_continue_with_transitions.")
    var transitions = false

    @Option(
        help: ArgumentHelp(
            "How long after logging in a password may be changed, e.g. 0s (default: 15m).",
            valueName: "duration"
        )
    )
    var privilegedSession: String?

    @Flag(help: "Ask for a second factor, which no session has, where settings are changed.")
    var requireAal2 = false

    @Option(help: ArgumentHelp("Append every mailed code and link to a file (0600).", valueName: "file"))
    var mailLog: String?

    func apply(to configuration: inout SimulatorConfiguration) throws {
        if let privilegedSession {
            guard let duration = GoDuration(privilegedSession), duration.nanoseconds >= 0 else {
                throw ValidationError(
                    "--privileged-session takes a duration such as 0s or 15m, not '\(privilegedSession)'."
                )
            }
            configuration.selfService.privilegedFor = duration
        }
        configuration.selfService.usesTransitions = transitions
        configuration.selfService.requiresSecondFactor = requireAal2
        configuration.selfService.mailLogPath = mailLog
        // What was issued is in the log; in memory only redeeming asks for it.
        configuration.keepsIssued =
            selfService || transitions || requireAal2 || privilegedSession != nil || mailLog != nil
    }
}
