// WebSockets (RFC 6455) by Java's own client. Kept: props.get('webSocket').open, send, take and close.
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.net.http.WebSocketHandshakeException
import java.time.Duration
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine
import javax.net.ssl.TrustManager
import javax.net.ssl.X509ExtendedTrustManager
import java.security.SecureRandom
import java.security.cert.X509Certificate
import org.apache.jmeter.assertions.AssertionResult
import org.apache.jmeter.protocol.http.control.CookieManager
import org.apache.jorphan.collections.SearchByClass

// Messages wait until somebody takes them; the end of the connection is one that stays.
class Inbox implements WebSocket.Listener {
    static final Object END = new Object()
    final LinkedBlockingQueue<Object> messages = new LinkedBlockingQueue<>()
    private final StringBuilder pieces = new StringBuilder()

    void onOpen(WebSocket socket) {
        socket.request(1)
    }

    CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        pieces.append(data)
        if (last) {
            messages.add(pieces.toString())
            pieces.setLength(0)
        }
        socket.request(1)
        null
    }

    CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        messages.add(END)
        null
    }

    void onError(WebSocket socket, Throwable error) {
        messages.add(END)
    }
}

// As JMeter's HTTP samplers do, any certificate is taken.
class TrustingAll extends X509ExtendedTrustManager {
    void checkClientTrusted(X509Certificate[] chain, String kind) {}
    void checkServerTrusted(X509Certificate[] chain, String kind) {}
    void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}
    void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}
    void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}
    void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}
    X509Certificate[] getAcceptedIssuers() { new X509Certificate[0] }
}

def tls = SSLContext.getInstance('TLS')
tls.init(null, [new TrustingAll()] as TrustManager[], new SecureRandom())
def client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build()


// One handshake with a server of its own: the first one loads the client, which would delay what the load begins with.
def server = new ServerSocket(0, 1, InetAddress.loopbackAddress)
Thread.startDaemon {
    server.accept().withStreams { input, output ->
        input.read(new byte[4096])
        output << 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    }
}
try {
    def address = URI.create('ws://127.0.0.1:' + server.localPort + '/')
    client.newWebSocketBuilder().buildAsync(address, new Inbox()).get(5, TimeUnit.SECONDS)
} catch (ExecutionException | TimeoutException ignored) {
    // it is refused
}
server.close()

def failed = { result, String message, String code = '' ->
    def assertion = new AssertionResult('WebSocket')
    assertion.setResultForFailure(message)
    result.addAssertionResult(assertion)
    result.responseCode = code
    result.successful = false
}
def end = { talk ->
    if (talk == null) return
    try {
        talk.socket.sendClose(WebSocket.NORMAL_CLOSURE, '').get(1, TimeUnit.SECONDS)
        for (def left = 20; left && talk.inbox.messages.poll(50, TimeUnit.MILLISECONDS) != Inbox.END; left--) {}
    } catch (ExecutionException | TimeoutException ignored) {
        // it has ended already
    }
    talk.socket.abort()
}
// A Cookie Manager belongs to HTTP samplers alone; it stands somewhere in the thread's own tree.
def cookies = { context, String url ->
    def managers = new SearchByClass(CookieManager)
    context.thread.testTree.traverse(managers)
    managers.searchResults.findResult { it.getCookieHeaderForURL(new URL(url)) }
}

props.put('webSocket', [
    open: { context, result, vars, String url, List headers, long timeout ->
        def inbox = new Inbox()
        def builder = client.newWebSocketBuilder().connectTimeout(Duration.ofMillis(timeout))
        headers.each { name, value ->
            def protocols = value.split(',')*.trim()
            if (name.equalsIgnoreCase('Sec-WebSocket-Protocol')) builder.subprotocols(protocols[0], protocols.tail() as String[])
            else builder.header(name, value)
        }
        def jar = cookies(context, url)
        if (jar) builder.header('Cookie', jar)
        try {
            def socket = builder.buildAsync(URI.create(url.replaceFirst('^http', 'ws')), inbox).get(timeout, TimeUnit.MILLISECONDS)
            vars.putObject('flow.stream', [socket: socket, inbox: inbox])
            result.responseCode = '101'
        } catch (ExecutionException error) {
            if (error.cause instanceof WebSocketHandshakeException) {
                def status = error.cause.response.statusCode()
                failed(result, 'status: expected 101, got ' + status, status.toString())
            } else failed(result, 'network: ' + error.cause.class.simpleName)
        } catch (TimeoutException ignored) {
            failed(result, 'network: no answer within ' + timeout + ' ms')
        }
    },
    send: { result, vars, String text ->
        try {
            vars.getObject('flow.stream').socket.sendText(text, true).get(60, TimeUnit.SECONDS)
            result.setIgnore()
        } catch (ExecutionException | TimeoutException error) {
            failed(result, 'network: the message could not be sent')
            end(vars.remove('flow.stream'))
        }
    },
    take: { result, vars, String containing, long within ->
        def messages = vars.getObject('flow.stream').inbox.messages
        def last = System.nanoTime() + within * 1000000L
        while (true) {
            def message = messages.poll(Math.max(0L, last - System.nanoTime()), TimeUnit.NANOSECONDS)
            if (message == null) return failed(result, 'network: no message within ' + within + ' ms')
            if (message == Inbox.END) {
                messages.add(message)
                return failed(result, 'network: the WebSocket was closed')
            }
            if (!message.contains(containing)) continue
            result.setResponseData(message, 'UTF-8')
            result.dataType = 'text'
            result.responseCode = '101'
            return
        }
    },
    close: { vars -> end(vars.remove('flow.stream')) },
])
SampleResult.setIgnore() // nothing to report
