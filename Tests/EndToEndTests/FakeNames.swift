// A name service that says what a test wants: preloaded into the program, as a C library of a few lines.

import Foundation
import Programs

/// Names that end in `.here.test` are this machine; those in `.later.test` cannot be resolved for now.
struct FakeNames {
    /// What makes a process use it.
    let environment: [String: String]

    private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <netdb.h>
        #include <string.h>

        static int ends(const char *name, const char *end) {
            size_t length = strlen(name), tail = strlen(end);
            return length >= tail && strcmp(name + length - tail, end) == 0;
        }

        int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo \
        **list) {
            int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
                dlsym(RTLD_NEXT, "getaddrinfo");
            if (name && ends(name, ".later.test")) return EAI_AGAIN;
            return next(name && ends(name, ".here.test") ? "127.0.0.1" : name, port, hints, list);
        }
        """

    /// Nil where there is no C compiler.
    init?(in folder: String) async throws {
        guard let compiler = Self.compiler else { return nil }
        let (code, library) = ("\(folder)/names.c", "\(folder)/names.so")
        try Data(Self.source.utf8).write(to: URL(filePath: code))
        let built = try await Program.run(
            program: compiler,
            ["-shared", "-fPIC", "-o", library, code, "-ldl"]
        )
        guard built.status == 0 else { return nil }
        let others = ProcessInfo.processInfo.environment["LD_PRELOAD"]
        environment = ["LD_PRELOAD": [others, library].compactMap(\.self).joined(separator: ":")]
    }
}
