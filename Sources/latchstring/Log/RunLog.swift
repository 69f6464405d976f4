// What happens in a run, in a log: static messages, and the values beside them.

import Campaign
import Logging
import Files
import Pacing
import Synchronization
import Model

/// How and where a run is logged.
struct LogSettings: Sendable {
    /// Nil for `run.log` in the campaign's folder.
    var path: String?
    var format = LogFormat.json
    var level = Logger.Level.info
    /// In bytes.
    var sizeMax = 10 << 20
    /// Whether identity IDs stay whole.
    var keepsIdentities = false

    /// What `sizeMax` may be.
    static let sizes = 64 << 10...Int(Int32.max)
}

/// Logs a run; a subscriber of its events.
///
/// The file is opened once the campaign is this process' own, as another run may be writing to it before.
/// What happens until then is kept. A log that cannot be written is told of once, and stops nothing.
final class RunLog: Sendable {
    private struct State {
        var logger: Logger?
        var file: LogFile?
        /// What happened before the file was opened; some events, all of them from before the run's work.
        var early: [(event: RunEvent, at: Timestamp)] = []
        var hasWarned = false
        var isClosed = false
    }

    private let settings: LogSettings
    private let folder: CampaignFolder
    /// What the run was started with, by the settings' names.
    private let origin: Logger.Metadata
    private let console: Console
    private let time: TimeSource
    private let state = Mutex(State())

    private static let earlyMax = 100
    private static let flushInterval: Duration = .seconds(1)

    init(
        _ settings: LogSettings,
        _ folder: CampaignFolder,
        startedWith origin: Logger.Metadata,
        _ console: Console,
        time: TimeSource
    ) {
        self.settings = settings
        self.folder = folder
        self.origin = origin
        self.console = console
        self.time = time
    }

    func tell(_ event: RunEvent) {
        // Told many times a second, and nothing for a log.
        switch event {
        case .progress, .progressAsked, .enrolling, .lookingUp, .planning, .delivering: return
        case .locked: open()
        default: break
        }
        let logger = state.withLock { state -> Logger? in
            if state.logger == nil, !state.isClosed, state.early.count < Self.earlyMax {
                state.early.append((event, time.wallClock()))
            }
            return state.logger
        }
        guard let logger else { return }
        Self.log(event, with: logger)
        switch event {
        case .stoppedAtOnce, .ended, .delivered, .failed: flush()
        default: break
        }
    }

    /// Writes what waits every second, until the task is cancelled.
    func keepFlushing() async {
        while (try? await time.sleep(time.elapsed() + Self.flushInterval)) != nil { flush() }
        flush()
    }

    private func open() {
        let path = settings.path ?? folder.logPath
        let file: LogFile
        do { file = try LogFile(path, sizeMax: settings.sizeMax) } catch {
            state.withLock { state in
                state.isClosed = true
                state.early = []
            }
            return console.note("warning: the run is not logged: \(error)")
        }
        let line = LogLine(format: settings.format, keepsIdentities: settings.keepsIdentities)
        let early = state.withLock { state in
            state.file = file
            state.logger = logger(file, line, now: time.wallClock)
            defer { state.early = [] }
            return state.early
        }
        // Under the times at which they happened.
        let startedAt = early.first?.at ?? time.wallClock()
        logger(file, line, now: { startedAt }).info("run started", metadata: origin)
        for (event, at) in early { Self.log(event, with: logger(file, line, now: { at })) }
    }

    private func logger(
        _ file: LogFile,
        _ line: LogLine,
        now: @escaping @Sendable () -> Timestamp
    ) -> Logger {
        let handler = FileLogHandler(file, line, level: settings.level, now: now)
        var logger = Logger(label: "latchstring") { _ in handler }
        logger[metadataKey: "campaign"] = "\(folder.name)"
        return logger
    }

    private func flush() {
        let (file, logger) = state.withLock { ($0.file, $0.logger) }
        guard let file else { return }
        file.flush()
        if let error = file.error {
            let isFirst = state.withLock { state in
                defer { state.hasWarned = true }
                return !state.hasWarned
            }
            if isFirst { console.note("warning: the log is not written at the moment: \(error)") }
        } else {
            let lost = file.takeLost()
            if lost > 0 { logger?.warning("log lines lost", metadata: ["lines": .number(lost)]) }
        }
    }
}
