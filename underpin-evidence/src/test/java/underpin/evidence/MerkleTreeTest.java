package underpin.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Roots as the reference tests of Certificate Transparency have them (merkle_tree_test.cc). */
class MerkleTreeTest {
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");
  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void roots_are_those_of_the_reference_implementation_at_every_size() {
    MerkleTree tree = new MerkleTree();
    for (int size = 0; size <= LEAVES.size(); size++) {
      assertThat(tree.size()).isEqualTo(size);
      assertThat(HexFormat.of().formatHex(tree.root())).isEqualTo(ROOTS.get(size));
      if (size < LEAVES.size()) {
        tree.append(HexFormat.of().parseHex(LEAVES.get(size)));
      }
    }
  }

  @Test
  void the_two_hashes_of_a_node_do_not_pass_for_a_leaf() {
    MerkleTree two = new MerkleTree();
    two.append(new byte[] {1});
    two.append(new byte[] {2});
    byte[] left = Sha256.of(new byte[] {0, 1});
    byte[] right = Sha256.of(new byte[] {0, 2});
    byte[] joined = new byte[64];
    System.arraycopy(left, 0, joined, 0, 32);
    System.arraycopy(right, 0, joined, 32, 32);
    MerkleTree one = new MerkleTree();
    one.append(joined);
    assertThat(one.root()).isNotEqualTo(two.root());
  }
}
