// The options about how fast the simulated server is.

import ArgumentParser
import IdentitySimulator

extension ServicePreset: ExpressibleByArgument {}

struct ServiceOptions: ParsableArguments {
    @Option(help: "Be as fast as a measured Kratos; what the other options say outweighs it.")
    var servicePreset: ServicePreset?

    @Option(
        help: ArgumentHelp("How long an issuing request holds a lane, e.g. 8ms.", valueName: "duration")
    )
    var serviceTime: String?

    @Option(help: ArgumentHelp("How many requests are served at a time (default: 1).", valueName: "n"))
    var serviceLanes: Int?

    @Option(
        help: ArgumentHelp("By which share a time varies up and down, e.g. 20%.", valueName: "share")
    )
    var serviceJitter: String?

    @Option(
        help: ArgumentHelp("By which share every other busy lane lengthens a time.", valueName: "share")
    )
    var serviceSharing: String?

    @Option(
        help: ArgumentHelp("By which share waiting requests lengthen a time at most.", valueName: "share")
    )
    var serviceContention: String?

    func apply(to configuration: inout SimulatorConfiguration) throws {
        var shape = servicePreset?.shape ?? ServiceShape()
        if let serviceTime { shape.time = .nanoseconds(try duration(serviceTime, "--service-time")) }
        if let serviceLanes {
            guard (1...1024).contains(serviceLanes) else {
                throw ValidationError("--service-lanes takes a number from 1 to 1024.")
            }
            shape.lanes = serviceLanes
        }
        try translating { () throws(SettingError) in
            if let serviceJitter { shape.jitter = try Share(serviceJitter).value }
            if let serviceSharing { shape.sharing = try Share(serviceSharing).value }
            if let serviceContention { shape.contention = try Share(serviceContention).value }
        }
        if shape.time == .zero, shape != ServiceShape() {
            throw ValidationError("The options of the service need --service-time, or --service-preset.")
        }
        configuration.service = shape
    }
}
