// One connection: takes requests off the wire one after another and carries out what the core decides.

import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers the requests of one connection in their order, pipelined ones too.
///
/// It writes bytes, not parts for NIO's encoder: answers have to be as recorded, down to the order of
/// headers, and broken where a fault wants them broken.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    /// Kratos takes bodies of up to 5 MB.
    static let bodyBytesMax = 5 << 20
    /// Pipelined requests after which no more are read until some are answered.
    private static let waitingMax = 256

    private let core: SimulatorCore
    private let port: SimulatedRequest.Port
    private let connection: Int

    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isBodyTooLarge = false
    private var waiting = CircularBuffer<SimulatedRequest>()
    private var isBusy = false
    private var isReadingPaused = false
    /// Nothing is answered any more, since the connection is about to end or has ended.
    private var isOver = false
    private var answersSent = 0

    init(core: SimulatorCore, port: SimulatedRequest.Port) {
        self.core = core
        self.port = port
        connection = core.connectionAccepted()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
            isBodyTooLarge = false
            if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                    promise: nil
                )
            }
        case .body(var part):
            if body.readableBytes + part.readableBytes > Self.bodyBytesMax {
                isBodyTooLarge = true
                body = ByteBuffer()
            } else if !isBodyTooLarge {
                if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
            }
        case .end:
            guard let head else { return }
            self.head = nil
            waiting.append(request(head))
            pauseOrResumeReading(context)
            serveWaiting(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        waiting.removeAll()
    }

    /// Where the bytes are no HTTP, Go says so in this way.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver, error is HTTPParserError else { return context.close(promise: nil) }
        let text =
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Connection: close\r\n\r\n400 Bad Request"
        end(context, after: ByteBuffer(string: text))
    }

    private func request(_ head: HTTPRequestHead) -> SimulatedRequest {
        SimulatedRequest(
            head,
            payload: body,
            isBodyTooLarge: isBodyTooLarge,
            port: port,
            connection: connection
        )
    }

    private func serveWaiting(_ context: ChannelHandlerContext) {
        while !isBusy, !isOver, let request = waiting.popFirst() {
            isBusy = true
            carryOut(core.delivery(for: request), for: request, context)
        }
    }

    /// Stops reading from a client that asks faster than it is answered.
    private func pauseOrResumeReading(_ context: ChannelHandlerContext) {
        let shouldPause = waiting.count > Self.waitingMax
        guard shouldPause != isReadingPaused else { return }
        isReadingPaused = shouldPause
        context.channel.setOption(.autoRead, value: !shouldPause).whenFailure { _ in }
    }
}

// MARK: deliveries

extension ConnectionHandler {
    private func carryOut(
        _ delivery: Delivery,
        for request: SimulatedRequest,
        _ context: ChannelHandlerContext
    ) {
        switch delivery {
        case .answer(let answer):
            let bytes = encoded(answer, for: request, allocator: context.channel.allocator)
            finish(context, with: bytes, closes: request.wantsClose)
        case .half(let answer):
            var bytes = encoded(answer, for: request, allocator: context.channel.allocator)
            bytes.moveWriterIndex(to: bytes.writerIndex - answer.body.count / 2)
            end(context, after: bytes)
        case .raw(let bytes, let thenClose):
            finish(context, with: ByteBuffer(bytes: bytes), closes: thenClose)
        case .close:
            end(context, after: nil)
        case .reset:
            // A connection that doesn't linger ends with a reset instead of its queued bytes.
            if let socket = context.channel as? any SocketOptionProvider {
                socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
            }
            end(context, after: nil)
        case .hold(let hold, let then):
            self.hold(hold, then: then, for: request, context)
        }
    }

    private func hold(
        _ hold: Delivery.Hold,
        then delivery: Delivery,
        for request: SimulatedRequest,
        _ context: ChannelHandlerContext
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let goOn: @Sendable () -> Void = {
            let (handler, context) = bound.value
            guard !handler.isOver else { return }
            handler.carryOut(delivery, for: request, context)
            handler.serveWaiting(context)
            context.flush()
        }
        switch hold {
        case .forever: break
        case .time(let time): eventLoop.scheduleTask(in: TimeAmount(time), goOn)
        case .gate(let gate): gate.whenOpen { eventLoop.execute(goOn) }
        }
    }

    /// Sends an answer and turns to the next request.
    private func finish(_ context: ChannelHandlerContext, with bytes: ByteBuffer, closes: Bool) {
        answersSent += 1
        if closes || answersSent == core.configuration.answersPerConnectionMax {
            return end(context, after: bytes)
        }
        context.write(wrapOutboundOut(bytes), promise: nil)
        isBusy = false
        pauseOrResumeReading(context)
    }

    /// Closes the connection, when the bytes are on their way.
    private func end(_ context: ChannelHandlerContext, after bytes: ByteBuffer?) {
        isOver = true
        guard let bytes else { return context.close(promise: nil) }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func encoded(
        _ answer: Answer,
        for request: SimulatedRequest,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        let sendsBody = request.method != "HEAD"
        let capacity = 256 + answer.headerLines.utf8.count + (sendsBody ? answer.body.count : 0)
        var bytes = allocator.buffer(capacity: capacity)
        bytes.writeStaticString("HTTP/1.1 ")
        bytes.writeString(String(answer.status))
        bytes.writeStaticString(" ")
        bytes.writeString(answer.reason)
        bytes.writeStaticString("\r\n")
        bytes.writeString(answer.headerLines)
        if answer.isFramed {
            bytes.writeString(core.dateLine())
            if answer.isChunked {
                bytes.writeStaticString("Transfer-Encoding: chunked\r\n")
            } else if answer.status != 204 {
                // What has no content has no length either.
                bytes.writeStaticString("Content-Length: ")
                bytes.writeString(String(answer.body.count))
                bytes.writeStaticString("\r\n")
            }
        }
        if request.wantsClose { bytes.writeStaticString("Connection: close\r\n") }
        bytes.writeStaticString("\r\n")
        guard sendsBody else { return bytes }
        if answer.isChunked { bytes.writeString(String(answer.body.count, radix: 16) + "\r\n") }
        bytes.writeBytes(answer.body)
        if answer.isChunked { bytes.writeStaticString("\r\n0\r\n\r\n") }
        return bytes
    }
}
