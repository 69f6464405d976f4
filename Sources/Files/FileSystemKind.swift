// Which file systems a ledger should not be on.

import CLinux

/// What kind of file system a folder is on.
package enum FileSystemKind {
    /// The name of the network file system that the folder is on; nil on a local one.
    ///
    /// SQLite's locks and shared memory cannot be trusted on these (sqlite.org, "How To Corrupt An SQLite
    /// Database File", 2.1; WAL does not work over a network). The numbers are Linux' `statfs` magics.
    package static func networkFileSystem(ofFolder path: String) -> String? {
        switch clinux_file_system_magic(path) {
        case 0x6969: "NFS"
        case 0x517b, 0xff53_4d42, 0xfe53_4d42: "SMB"
        case 0x00c3_6400: "Ceph"
        case 0x0102_1997: "9p"
        case 0x5346_414f, 0x6b41_4653: "AFS"
        case 0x0bd0_0bd0: "Lustre"
        case 0x0116_1970: "GFS2"
        default: nil
        }
    }
}
