// Tasks that run when a test says so, on the test's own thread.

import Synchronization

/// Keeps the work of tasks until `run` is called, so that a test knows when nothing more can happen by
/// itself.
///
///     let executor = ManualExecutor()
///     let task = Task(executorPreference: executor) { … }
///     executor.run()  // The task has gone as far as it can without time passing.
package final class ManualExecutor: TaskExecutor, Sendable {
    private let jobs = Mutex<[UnownedJob]>([])

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs everything that is ready, in order, until nothing is.
    package func run() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
