// How a run is logged, from its settings.

import Logging

extension LogSettings {
    /// Nil where the run is not to be logged.
    init?(_ settings: Settings) throws {
        let path = try settings[\.run.log]
        format = try settings[\.run.logFormat]
        level = try settings[\.run.logLevel]
        sizeMax = try settings[\.run.logMaxSize]
        keepsIdentities = try settings[\.run.logIdentities]
        if path == "none" { return nil }
        self.path = path
    }

    /// What a run was started with, by the settings' names, for its log.
    static func origin(_ settings: Settings, server: String) -> Logger.Metadata {
        let given = settings.shown.filter { $0.origin != Settings.Shown.defaultOrigin }
        var values = given.reduce(into: Logger.Metadata()) { $0[$1.name] = "\($1.value)" }
        values["server"] = "\(server)"
        return ["settings": .dictionary(values)]
    }
}
