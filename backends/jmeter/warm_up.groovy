// One request to a server of its own: the first one loads the HTTP client, which would delay what the load begins with.
import org.apache.jmeter.protocol.http.sampler.HTTPSamplerProxy

def server = new ServerSocket(0, 1, InetAddress.loopbackAddress)
Thread.startDaemon {
    server.accept().withStreams { input, output ->
        input.read(new byte[4096])
        output << 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'
    }
}
def request = new HTTPSamplerProxy('HttpClient4')
request.protocol = 'http'
request.domain = server.inetAddress.hostAddress
request.port = server.localPort
request.path = '/'
request.method = 'GET'
request.responseTimeout = '5000'
request.sample()
server.close()
SampleResult.setIgnore() // nothing to report
