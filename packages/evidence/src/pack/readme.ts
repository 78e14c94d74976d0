/** README.txt of a pack: how to check it by hand, with tools that we did not write. */
export function readmeOf(packId: string): string {
  return `Jikim evidence pack ${packId}
지킴 증거 꾸러미

이 꾸러미는 지킴 없이도 확인할 수 있습니다. 아래 명령은 데비안의 age, coreutils, openssl을 씁니다.
This pack can be checked without Jikim. The commands below use age, coreutils and openssl as in Debian.

1. 열기 / open
   age -d -i KEYFILE PACK | tar x && cd jikim-pack-${packId}

2. 파일이 그대로인지 / files unchanged (BagIt, RFC 8493)
   sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
   sha512sum -c manifest-sha512.txt

3. 센터의 서명 / the centre's signature (Ed25519, RFC 8032)
   printf 'jikim/pack/v1\\n' | cat - seal/manifest.json > /tmp/signed
   openssl pkeyutl -verify -pubin -inkey seal/key.pem -rawin -in /tmp/signed -sigfile seal/manifest.sig
   seal/certificate.json 은 센터의 오프라인 루트가 이 열쇠를 보증합니다. 루트는 센터의 안내문에 인쇄되어 있습니다.
   seal/certificate.json vouches for this key; the root that signed it is printed on the centre's leaflet.

4. 시각 / time (RFC 3161), where seal/timestamp.tsr is there
   openssl ts -verify -data seal/manifest.sig -in seal/timestamp.tsr -CAfile ROOTS.pem

5. 기록 / the log (RFC 6962, C2SP tlog-proof), where seal/log-proof.txt is there
   The leaf is SHA-256 over "jikim/log-entry/v1\\n", the salt and the body of seal/log-entry.json.

6. 담긴 증거 / exhibits inside, where data/exhibits/N is there
   Each exhibit was sealed for itself before: data/exhibits/N/seal has the same files as seal/, and steps 3 to 5 hold for them alike.
   In its manifest the paths are as they were then: data/x stands here as data/exhibits/N/x.
   A chat is chat.json: some messages, each with the proof that it stood at its place among all of them (RFC 6962), and how many were left out.
   각 증거는 먼저 따로 봉인되었고 제 서명과 시각과 기록을 data/exhibits/N/seal 에 가지고 있습니다. 3에서 5까지를 그대로 할 수 있습니다.

불법촬영물이 들어 있을 수 있는 파일은 저장하지 않았습니다. 저장하지 않은 것의 해시와 이유는 seal/manifest.json 의 notStored 에 있습니다.
What may be an unlawful picture was not stored. Its digests and the reason are in seal/manifest.json under notStored.
`;
}
