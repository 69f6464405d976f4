import Foundation
import Files
import Model
import TestSupport
import Testing

@Suite struct PrivateFolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [0o000, 0o022, 0o077] as [mode_t])
    func foldersAreMadePrivateWhateverTheUmask(mask: mode_t) throws {
        try withUmask(mask) {
            try PrivateFolder.prepareOutputFolder(folder("a/b/c"))
            try PrivateFolder.prepareCampaignFolder(folder("a/b/c/campaign"))
        }
        for path in ["a", "a/b", "a/b/c", "a/b/c/campaign"] {
            #expect(mode(of: folder(path)) == 0o700)
        }
    }

    @Test func aFolderThatIsThereStaysAsItIs() throws {
        try make("out", 0o755)
        try PrivateFolder.prepareOutputFolder(folder("out"))
        #expect(mode(of: folder("out")) == 0o755)
    }

    @Test(arguments: [0o770, 0o757, 0o720, 0o777] as [mode_t])
    func anOutputFolderThatOthersCanWriteIsRefused(_ rights: mode_t) throws {
        try make("out", rights)
        let error = #expect(throws: FileError.self) {
            try PrivateFolder.prepareOutputFolder(folder("out"))
        }
        let words =
            "the output folder \(folder("out")) can be written by others (mode \(String(rights, radix: 8))); "
            + "whoever can write there can replace a ledger: chmod go-w it, or choose another output folder"
        #expect(error?.description == words)
    }

    @Test(arguments: [0o710, 0o701, 0o750, 0o755, 0o777] as [mode_t])
    func aCampaignFolderOpenToOthersIsRefused(_ rights: mode_t) throws {
        try make("campaign", rights)
        let words =
            "the campaign folder \(folder("campaign")) is open to others (mode \(String(rights, radix: 8))); "
            + "it holds keys to accounts: chmod 700 it"
        let prepared = #expect(throws: FileError.self) {
            try PrivateFolder.prepareCampaignFolder(folder("campaign"))
        }
        let checked = #expect(throws: FileError.self) {
            try PrivateFolder.checkCampaignFolder(folder("campaign"))
        }
        #expect(prepared?.description == words)
        #expect(checked?.description == words)
    }

    @Test func aFileIsNoFolder() throws {
        try put("", intoFile: folder("file"))
        let error = FileError(.notAFolder, "\(folder("file")) is not a folder")
        #expect(throws: error) { try PrivateFolder.prepareOutputFolder(folder("file")) }
        #expect(throws: error) { try PrivateFolder.prepareCampaignFolder(folder("file")) }
        #expect(throws: FileError(.failed, "cannot make the folder \(folder("file/a")): Not a directory")) {
            try PrivateFolder.prepareOutputFolder(folder("file/a"))
        }
    }

    @Test func aCampaignFolderIsNotMadeBelowWhatIsMissing() {
        let path = folder("missing/campaign")
        #expect(throws: FileError(.failed, "cannot make the folder \(path): No such file or directory")) {
            try PrivateFolder.prepareCampaignFolder(path)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aFolderOfAnotherUserIsRefused() throws {
        try make("out", 0o700)
        #expect(chown(folder("out"), 12_345, 12_345) == 0)
        let output = #expect(throws: FileError.self) { try PrivateFolder.prepareOutputFolder(folder("out")) }
        let campaign = #expect(throws: FileError.self) {
            try PrivateFolder.checkCampaignFolder(folder("out"))
        }
        #expect(output?.description.contains("belongs to another user (ID 12345)") == true)
        #expect(campaign == output)
    }

    @Test func aLinkThatLeadsNowhereExists() throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder("link"),
            withDestinationPath: folder("gone")
        )
        #expect(PrivateFolder.exists(folder("link")))
        #expect(!PrivateFolder.exists(folder("gone")))
    }

    @Test(arguments: [
        ("a/b", "a"), ("/a/b", "/a"), ("/a", "/"), ("/a/", "/"), ("a", "."), ("a/", "."), ("./a", "."),
        ("/", nil), (".", nil),
    ])
    func knowsWhereAPathIs(_ path: String, _ parent: String?) {
        #expect(PrivateFolder.parent(of: path) == parent)
    }

    private func make(_ name: String, _ rights: mode_t) throws {
        try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
        chmod(folder(name), rights)
    }
}
