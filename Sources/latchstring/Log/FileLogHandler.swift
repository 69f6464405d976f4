// The program's own log handler: stock handlers do not know what is secret or personal.

import Logging
import Files
import Model

/// Writes events to a log file, without what their metadata marks as secret or personal.
struct FileLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let file: LogFile
    private let line: LogLine
    private let now: @Sendable () -> Timestamp

    init(_ file: LogFile, _ line: LogLine, level: Logger.Level, now: @escaping @Sendable () -> Timestamp) {
        self.file = file
        self.line = line
        logLevel = level
        self.now = now
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var values = metadata
        if let provided = metadataProvider?.get() { values.merge(provided) { $1 } }
        if let own = event.metadata { values.merge(own) { $1 } }
        if let error = event.error { values["error"] = "\(error)" }
        file.append(line.bytes(event, values, at: now()))
    }
}
